"""Two VPCs, acted out on loopback: the instance's own, and the application's, in which everything on
this machine is. The instance is bought, bound to both, and shared with a folder."""

OWNER = "shared-services"
REGION = "cn-hangzhou"
ZONES = ("cn-hangzhou-h", "cn-hangzhou-i")

# The application calls from 127.0.0.1.
PLACES = {OWNER: ("127.1.0.0/16", "127.1.1.0/24"), "application": ("127.0.0.0/16", "127.0.0.0/24")}


def lay(stage):
    for account, (block, part) in PLACES.items():
        stage.step(f"a VPC of {account}, {block}", lambda: vpc(stage, account, block, part))
    stage.step("the application shares its vSwitch with the shared services", lambda: _lend(stage))


def vpc(stage, account, block, part):
    vpc = stage.call(account, "CreateVpc", RegionId=REGION, CidrBlock=block)["VpcId"]
    switch = stage.call(
        account, "CreateVSwitch", RegionId=REGION, VpcId=vpc, ZoneId=ZONES[0], CidrBlock=part
    )["VSwitchId"]
    stage.facts[account] = {"vpc": vpc, "vswitch": switch}
    return f"{vpc}, {switch}"


def _lend(stage):
    share = _share(
        stage,
        "application",
        "vswitches-for-kms",
        "VSwitch",
        stage.facts["application"]["vswitch"],
        stage.accounts[OWNER],
    )
    return share


def _share(stage, account, name, kind, thing, target):
    share = stage.call(account, "CreateResourceShare", ResourceShareName=name)["ResourceShare"][
        "ResourceShareId"
    ]
    stage.call(
        account,
        "AssociateResourceShare",
        ResourceShareId=share,
        Resources_1_ResourceId=thing,
        Resources_1_ResourceType=kind,
    )
    stage.call(account, "AssociateResourceShare", ResourceShareId=share, Targets_1=target)
    states = {
        one["EntityId"]: one["AssociationStatus"]
        for kind in ("Resource", "Target")
        for one in stage.call(
            account,
            "ListResourceShareAssociations",
            AssociationType=kind,
            ResourceShareIds_1=share,
        )["ResourceShareAssociations"]
    }
    assert set(states.values()) == {"Associated"}, states
    return share


def buy_and_share(stage):
    stage.step("an instance is bought, for two accesses", lambda: _buy(stage, 2))
    stage.step("it is connected to the shared services' VPC", lambda: _connect(stage))
    stage.step("the application's VPC is bound", lambda: _bind(stage))
    stage.step("a share with the folder fails: no access is left", lambda: _shared_in_vain(stage))
    stage.step("a third access is bought", lambda: _upgrade(stage, 3))
    stage.step("the share that failed stays so", lambda: _still_failed(stage))
    stage.step("made anew, it is shared with the folder", lambda: _shared(stage))


def _buy(stage, accesses):
    terms = {
        "Region": REGION,
        "ProductVersion": "3",
        "Spec": "1000",
        "KeyNum": "100",
        "SecretNum": "100",
        "VpcNum": str(accesses),
        "Log": "0",
    }
    parameters = {}
    for number, (code, value) in enumerate(terms.items(), 1):
        parameters |= {f"Parameter_{number}_Code": code, f"Parameter_{number}_Value": value}
    bought = stage.call(
        OWNER,
        "CreateInstance",
        ProductCode="kms",
        ProductType="kms_ddi_public_cn",
        SubscriptionType="Subscription",
        Period="12",
        **parameters,
    )
    stage.facts["instance"] = bought["Data"]["InstanceId"]
    return stage.facts["instance"]


def _connect(stage):
    own = stage.facts[OWNER]
    stage.call(
        OWNER,
        "ConnectKmsInstance",
        KmsInstanceId=stage.facts["instance"],
        KMProvider="Aliyun",
        VpcId=own["vpc"],
        VSwitchIds=own["vswitch"],
        ZoneIds=",".join(ZONES),
    )
    found = _instance(stage)
    assert found["Status"] == "Connected", found["Status"]
    stage.facts["ca"] = found["CaCertificateChainPem"]
    return found["Status"]


def _instance(stage):
    return stage.call(OWNER, "GetKmsInstance", KmsInstanceId=stage.facts["instance"])["KmsInstance"]


def bind(stage, vpcs):
    stage.call(
        OWNER,
        "UpdateKmsInstanceBindVpc",
        KmsInstanceId=stage.facts["instance"],
        BindVpcs=vpcs,
    )


def application_vpc(stage):
    own = stage.facts["application"]
    return {
        "VpcId": own["vpc"],
        "VSwitchId": own["vswitch"],
        "RegionId": REGION,
        "VpcOwnerId": stage.accounts["application"],
    }


def _bind(stage):
    bind(stage, [application_vpc(stage)])
    bound = _instance(stage)["BindVpcs"]["BindVpc"]
    assert len(bound) == 1, bound
    return bound[0]["VpcId"]


def _shared_in_vain(stage):
    try:
        _share(stage, OWNER, "too-early", "KMSInstance", stage.facts["instance"], stage.facts["folder"])
    except AssertionError as states:
        assert "Failed" in str(states), states
        return None
    raise AssertionError("it was shared beyond what was bought")


def _upgrade(stage, accesses):
    stage.call(
        OWNER,
        "ModifyInstance",
        ProductCode="kms",
        ProductType="kms_ddi_public_cn",
        SubscriptionType="Subscription",
        InstanceId=stage.facts["instance"],
        ModifyType="Upgrade",
        Parameter_1_Code="VpcNum",
        Parameter_1_Value=str(accesses),
    )
    found = _instance(stage)["VpcNum"]
    assert int(found) == accesses, found


def _still_failed(stage):
    shares = stage.call(OWNER, "ListResourceShares", ResourceOwner="Self")["ResourceShares"]
    early = [one for one in shares if one["ResourceShareName"] == "too-early"]
    states = [
        one["AssociationStatus"]
        for one in stage.call(
            OWNER,
            "ListResourceShareAssociations",
            AssociationType="Target",
            ResourceShareIds_1=early[0]["ResourceShareId"],
        )["ResourceShareAssociations"]
    ]
    assert states == ["Failed"], states
    stage.call(OWNER, "DeleteResourceShare", ResourceShareId=early[0]["ResourceShareId"])
    return states[0]


def _shared(stage):
    stage.facts["share"] = _share(
        stage,
        OWNER,
        "shared-kms",
        "KMSInstance",
        stage.facts["instance"],
        stage.facts["folder"],
    )
    return stage.facts["share"]


def revoke(stage):
    """What the share gave ends with it, and its access is free again."""
    stage.step("the share is taken back", lambda: _revoked(stage))
    stage.refuses(
        "the application can make no key in the instance any more",
        lambda: stage.call(
            "application", "CreateKey", DKMSInstanceId=stage.facts["instance"]
        ),
        "Forbidden.DKMSInstanceNotFound",
        "Forbidden",
    )


def _revoked(stage):
    stage.call(
        OWNER,
        "DisassociateResourceShare",
        ResourceShareId=stage.facts["share"],
        Targets_1=stage.facts["folder"],
    )
    used = stage.call(
        OWNER,
        "GetKmsInstanceQuotaInfos",
        KmsInstanceId=stage.facts["instance"],
        ResourceType="vpc",
    )["KmsInstanceQuotaInfos"][0]["UsedQuantity"]
    assert int(used) == 2, used
    return "2 of 3 accesses are in use"
