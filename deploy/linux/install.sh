#!/bin/bash
# Installs the agent as a systemd service. Run it as root in the folder that holds it:
#   sudo bash -x ./install.sh
# A second run changes nothing. Tracing is safe: whatever touches a credential runs
# with it off, and credentials are no program's argument.
set -euo pipefail
umask 022

name=alibabacloud-kms-agent
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
binary=/usr/local/bin/$name
folder=/etc/$name
config=$folder/config.toml
credentials=$folder/agent.env
share=/usr/local/share/$name
unit=/etc/systemd/system/$name.service
token=/var/run/kmstoken
changed=no

fail() {
  echo "install.sh: $*" >&2
  exit 1
}

check() {
  [ "$(id -u)" -eq 0 ] || fail "run it as root: sudo bash -x ./install.sh"
  local file
  for file in "$name" config.toml "$name.service"; do
    [ -f "$here/$file" ] || fail "$here/$file is missing; 'cargo xtask build' makes the program"
  done
}

# User= of a unit file.
user_of() {
  sed -n 's/^User=//p' "$1" | tail -n 1
}

# Puts FILE in place with MODE by one rename, unless it is there already.
place() {
  local file=$1 target=$2 mode=$3
  if [ -f "$target" ] && cmp -s "$file" "$target" && [ "$(stat -c %a "$target")" = "$mode" ]; then
    return
  fi
  install -D -m "$mode" -o root -g root "$file" "$target.new"
  mv -f "$target.new" "$target"
  changed=yes
}

# Like `place`, for a file that an administrator may edit where it was installed: such an
# edit is kept. A copy of what was shipped tells an edit from an older version.
place_editable() {
  local file=$1 target=$2 shipped=$share/${1##*/}
  if [ ! -f "$target" ] || cmp -s "$target" "$shipped"; then
    place "$file" "$target" 644
  elif ! cmp -s "$file" "$shipped" && ! cmp -s "$file" "$target"; then
    echo "kept $target, which was edited; compare it with $file"
  fi
  place "$file" "$shipped" 644
}

install_files() {
  place "$here/$name" "$binary" 755
  place_editable "$here/config.toml" "$config"
  place_editable "$here/$name.service" "$unit"
}

# The service's own user; another User= is the application's and has to be there.
make_user() {
  local user
  user=$(user_of "$unit")
  if [ "$user" != "$name" ]; then
    id "$user" >/dev/null || fail "User=$user in $unit does not exist; create it or name another"
  elif ! id "$user" >/dev/null 2>&1; then
    useradd --system --user-group --home-dir /nonexistent --no-create-home \
      --shell /usr/sbin/nologin "$user"
    changed=yes
  fi
}

# Writes the variables of the credential chain into a file for root's eyes only: from agent.env
# beside this script, else from the environment (which sudo clears), else by asking.
write_credentials() {
  { set +x; } 2>/dev/null
  local line rest key value text=
  if [ -f "$here/agent.env" ]; then
    text=$(<"$here/agent.env")
  else
    for key in ALIBABA_CLOUD_ACCESS_KEY_ID ALIBABA_CLOUD_ACCESS_KEY_SECRET \
      ALIBABA_CLOUD_SECURITY_TOKEN ALIBABA_CLOUD_ECS_METADATA; do
      value=${!key:-}
      [ -z "$value" ] || text+="$key=$value"$'\n'
    done
    if [ -z "$text" ] && [ -t 0 ]; then
      read -r -p "Name of the ECS instance's RAM role (empty: an AccessKey instead): " value
      if [ -n "$value" ]; then
        text="ALIBABA_CLOUD_ECS_METADATA=$value"
      else
        read -r -p "AccessKey ID (empty: leave credentials to the default chain): " value
        if [ -n "$value" ]; then
          text="ALIBABA_CLOUD_ACCESS_KEY_ID=$value"$'\n'
          read -rs -p "AccessKey secret (not shown): " value
          echo
          text+="ALIBABA_CLOUD_ACCESS_KEY_SECRET=$value"
        fi
      fi
    fi
  fi
  rest=$text
  while [ -n "$rest" ]; do
    line=${rest%%$'\n'*}
    # systemd would take quotes, backslashes and blanks as syntax of its own.
    [[ -z $line || $line == \#* || $line =~ ^[A-Z_]+=[A-Za-z0-9._/:+=@,-]+$ ]] ||
      fail "write the credentials for $credentials as NAME=value, without quotes and blanks"
    rest=${rest#"$line"}
    rest=${rest#$'\n'}
  done
  (
    umask 077
    printf '# Read by %s.service. NAME=value, no quotes.\n%s\n' "$name" "$text" >"$credentials.new"
  )
  mv -f "$credentials.new" "$credentials"
}

install_credentials() {
  if [ ! -f "$credentials" ]; then
    # A subshell, so that tracing comes back by itself.
    (write_credentials)
    changed=yes
  fi
  if [ "$(stat -c %a:%u "$credentials")" != 600:0 ]; then
    chown root:root "$credentials"
    chmod 600 "$credentials"
    changed=yes
  fi
}

# The unit does the same before each start; here it is for whoever looks before the first.
make_token() {
  local owner
  owner=$(user_of "$unit")
  owner=$owner:$(id -gn "$owner")
  [ -s "$token" ] || "$binary" token "$token"
  if [ "$(stat -c %U:%G:%a "$token")" != "$owner:640" ]; then
    chown --no-dereference "$owner" "$token"
    chmod 640 "$token"
  fi
}

start() {
  if [ ! -d /run/systemd/system ]; then
    systemctl --quiet is-enabled "$name" || systemctl --quiet enable "$name"
    echo "systemd is not running here; the agent starts with the next boot"
    return
  fi
  if [ "$(systemctl show --property=NeedDaemonReload --value "$name")" = yes ]; then
    changed=yes
  fi
  if [ "$changed" = yes ]; then
    systemctl daemon-reload
    systemctl --quiet enable "$name"
    systemctl restart "$name"
  else
    systemctl --quiet is-active "$name" || systemctl start "$name"
  fi
}

check
install_files
make_user
install_credentials
make_token
start
echo "done: journalctl -u $name, /var/log/$name/logs/$name.log"
