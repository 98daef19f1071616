# A small application in place of yours. It needs a shell, cat, timeout and a wget that can send a
# header; busybox has all four. BASE names another image that has them.
ARG BASE=alpine:3
FROM ${BASE}
ENV SECRET_ID=agent-test
ENV KMS_AGENT=http://localhost:2025
USER 10001:10001
# The value itself is never printed: a container's output is a log.
CMD ["/bin/sh", "-c", "\
  trap 'exit 0' TERM INT; \
  while :; do \
    if answer=$(timeout 10 wget -q -O - --header \"X-KMS-Token: $(cat /var/run/kmstoken)\" \"$KMS_AGENT/secretsmanager/get?secretId=$SECRET_ID\"); \
    then echo \"read $SECRET_ID: ${#answer} bytes\"; \
    else echo \"cannot read $SECRET_ID\" >&2; \
    fi; \
    sleep 60 & wait $!; \
  done"]
