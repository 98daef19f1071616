"""The management account, its directory, and the accounts of the others."""

import re

MANAGEMENT = "management"


def found(stage):
    stage.step("a server with a management account", lambda: _first(stage))
    stage.start()
    directory = stage.step(
        "a resource directory",
        lambda: stage.call(MANAGEMENT, "InitResourceDirectory")["ResourceDirectory"],
    )
    stage.facts["directory"] = directory["ResourceDirectoryId"]
    stage.facts["root"] = directory["RootFolderId"]
    folder = stage.step(
        "a folder for applications",
        lambda: stage.call(
            MANAGEMENT,
            "CreateFolder",
            FolderName="applications",
            ParentFolderId=stage.facts["root"],
        )["Folder"]["FolderId"],
    )
    stage.facts["folder"] = folder
    for name, parent in (
        ("shared-services", stage.facts["root"]),
        ("log-archive", stage.facts["root"]),
        ("application", folder),
    ):
        stage.step(f"the account {name}", lambda: _account(stage, name, parent))
    stage.step(
        "sharing within the directory is switched on",
        lambda: stage.call(MANAGEMENT, "EnableSharingWithResourceDirectory") and None,
    )


def _first(stage):
    said = stage.server("init", "--config", str(stage.config))
    key = dict(re.findall(r"(ALIBABA_CLOUD_ACCESS_KEY_(?:ID|SECRET))=['\"]?([^'\"\s]+)", said))
    assert len(key) == 2, "init printed no AccessKey"
    stage.credentials[MANAGEMENT] = key
    who = re.search(r"\b(\d{12,20})\b", said)
    stage.accounts[MANAGEMENT] = who.group(1)
    return f"account {who.group(1)}"


def _account(stage, name, parent):
    made = stage.call(
        MANAGEMENT, "CreateResourceAccount", DisplayName=name, ParentFolderId=parent
    )
    account = made["Account"]["AccountId"]
    stage.accounts[name] = account
    enter(stage, name)
    return f"account {account}"


def enter(stage, name):
    """By the role that the directory gives its management account in each of its accounts."""
    account = stage.accounts[name]
    session = stage.call(
        MANAGEMENT,
        "AssumeRole",
        RoleArn=f"acs:ram::{account}:role/ResourceDirectoryAccountAccessRole",
        RoleSessionName="scenario",
    )["Credentials"]
    stage.credentials[name] = {
        "ALIBABA_CLOUD_ACCESS_KEY_ID": session["AccessKeyId"],
        "ALIBABA_CLOUD_ACCESS_KEY_SECRET": session["AccessKeySecret"],
        "ALIBABA_CLOUD_SECURITY_TOKEN": session["SecurityToken"],
    }
