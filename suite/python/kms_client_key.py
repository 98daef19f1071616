"""deploy/kubernetes/kms-client-key.yaml as the cluster takes it: `kms_client_key.py YAML FILES FOLDER`.
FILES is a folder with the three files that the Secret is made of; FOLDER becomes the pod's volume."""

import base64
import pathlib
import sys

import yaml

from checks import check, equal, finish

document, files, volume = map(pathlib.Path, sys.argv[1:])
secret, pod = yaml.safe_load_all(document.read_text(encoding="utf-8"))
NAMES = ["PrivateKmsCA.pem", "clientKey.json", "clientKey_Password.txt"]
spec = pod["spec"]

with check("the-secret-has-the-three-files"):
    equal((secret["kind"], secret["type"]), ("Secret", "Opaque"))
    equal(secret["metadata"]["name"], "kms-client-key")
    equal(sorted(secret["data"]), NAMES)
    for value in secret["data"].values():
        base64.b64decode(value, validate=True)

with check("the-pod-mounts-them-read-only"):
    equal(pod["kind"], "Pod")
    (container,) = spec["containers"]
    (mount,) = container["volumeMounts"]
    equal((mount["mountPath"], mount["readOnly"]), ("/root/resources", True))
    (source,) = (one["secret"] for one in spec["volumes"] if one["name"] == mount["name"])
    equal(source["secretName"], secret["metadata"]["name"])

# As `kubectl create secret` puts the files into the Secret, and the kubelet puts them into the volume.
for name in NAMES:
    secret["data"][name] = base64.b64encode((files / name).read_bytes()).decode("ascii")
loaded = yaml.safe_load(yaml.safe_dump(secret))
volume.mkdir()
for name, value in loaded["data"].items():
    file = volume / name
    file.touch(spec["volumes"][0]["secret"]["defaultMode"] | 0o200)
    file.write_bytes(base64.b64decode(value))

finish()
