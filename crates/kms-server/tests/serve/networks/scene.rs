//! Two accounts of a directory, networks on addresses of loopback, an instance that one of them
//! bought and shares, and programs that call from one address or another.

use std::net::{IpAddr, SocketAddr};

use hickory_proto::{op::ResponseCode, rr::RecordType};
use kms_types::Secret;
use kms_wire::sign::SigningKey;
use serde_json::Value;

use crate::{
    call::{KMS, STS, connect_from, done, signed, try_call},
    names::look_up,
    place::Place,
    server::Server,
    tls::{Tls, ask, connect, over, until},
};

pub(crate) const VPC: &str = "2016-04-28";
pub(crate) const PVTZ: &str = "2018-01-01";
const BSS: &str = "2017-12-14";
const SHARING: &str = "2020-01-10";
const DIRECTORY: &str = "2022-04-19";

/// Where instances are.
pub(crate) const HERE: &str = "cn-hangzhou";

/// The instance's own VPC, 127.0.40.0/24.
const HOME: &str = "127.0.40";

const HOST: IpAddr = IpAddr::V4(std::net::Ipv4Addr::LOCALHOST);

/// The account that `init` makes here.
const FIRST: &str = "1000000000000001";

/// An account, and what it signs with.
pub(crate) struct Account {
    pub(crate) at: SocketAddr,
    pub(crate) id: String,
    pub(crate) key: SigningKey,
}

/// A VPC with one vSwitch, which is its lower half.
pub(crate) struct Network {
    pub(crate) region: String,
    pub(crate) vpc: String,
    pub(crate) vswitch: String,
}

/// A server with all that.
pub(crate) struct Scene {
    server: Server,
    /// Who bought the instance; it manages the directory, too.
    pub(crate) owner: Account,
    /// Whom it is shared with.
    pub(crate) application: Account,
    pub(crate) instance: String,
    pub(crate) home: Network,
    /// The share of the instance.
    pub(crate) share: String,
    ca: String,
}

/// A connection to the instance's gateway that stays open.
pub(crate) struct Line(Tls);

// === impl Account ===

impl Account {
    /// The account of the server's `init`.
    pub(crate) fn of(server: &Server, key: &SigningKey) -> Self {
        Self {
            at: server.http,
            id: FIRST.to_owned(),
            key: key.clone(),
        }
    }

    pub(crate) fn ok(&self, version: &str, action: &str, params: &[(&str, &str)]) -> Value {
        done(self.at, &self.key, version, action, params)
    }

    /// The code of a call that must be refused.
    pub(crate) fn refused(&self, version: &str, action: &str, params: &[(&str, &str)]) -> String {
        let (status, body) = try_call(self.at, &self.key, version, action, params).unwrap();
        assert!(status >= 400, "{action}: {body}");
        text(&body, "Code")
    }

    /// A network of the addresses that begin so.
    pub(crate) fn network(&self, region: &str, prefix: &str) -> Network {
        let block = format!("{prefix}.0/24");
        let params = [("RegionId", region), ("CidrBlock", block.as_str())];
        let vpc = text(&self.ok(VPC, "CreateVpc", &params), "VpcId");
        let (block, zone) = (format!("{prefix}.0/25"), format!("{region}-k"));
        let params = [
            ("RegionId", region),
            ("VpcId", vpc.as_str()),
            ("CidrBlock", block.as_str()),
            ("ZoneId", zone.as_str()),
        ];
        let vswitch = text(&self.ok(VPC, "CreateVSwitch", &params), "VSwitchId");
        Network {
            region: region.to_owned(),
            vpc,
            vswitch,
        }
    }

    /// Buys an instance; its id.
    pub(crate) fn buy(&self) -> String {
        let order = [
            ("ProductCode", "kms"),
            ("ProductType", "kms_ppi_public_cn"),
            ("SubscriptionType", "PayAsYouGo"),
        ];
        let answer = self.ok(BSS, "CreateInstance", &order);
        text(&answer["Data"], "InstanceId")
    }

    /// Puts the instance into the network.
    pub(crate) fn connect(&self, instance: &str, network: &Network) {
        let zone = format!("{}-k", network.region);
        let params = [
            ("KmsInstanceId", instance),
            ("KMProvider", "Aliyun"),
            ("VpcId", &network.vpc),
            ("VSwitchIds", &network.vswitch),
            ("ZoneIds", &zone),
        ];
        self.ok(KMS, "ConnectKmsInstance", &params);
    }

    /// What GetKmsInstance says.
    pub(crate) fn shown(&self, instance: &str) -> Value {
        let params = [("KmsInstanceId", instance)];
        self.ok(KMS, "GetKmsInstance", &params)["KmsInstance"].clone()
    }

    pub(crate) fn ca(&self, instance: &str) -> String {
        text(&self.shown(instance), "CaCertificateChainPem")
    }

    /// How much of the access-management quota is used.
    pub(crate) fn accesses(&self, instance: &str) -> u64 {
        let params = [("KmsInstanceId", instance), ("ResourceType", "vpc")];
        let told = self.ok(KMS, "GetKmsInstanceQuotaInfos", &params);
        told["KmsInstanceQuotaInfos"][0]["UsedQuantity"]
            .as_u64()
            .unwrap()
    }

    /// Makes the secret `app/db` in the instance.
    pub(crate) fn keep(&self, instance: &str, value: &str) {
        let params = [
            ("SecretName", "app/db"),
            ("SecretData", value),
            ("VersionId", "v1"),
            ("DKMSInstanceId", instance),
        ];
        self.ok(KMS, "CreateSecret", &params);
    }

    /// Shares something with another account; the share.
    pub(crate) fn lend(&self, (kind, id): (&str, &str), with: &Self) -> String {
        let params = [
            ("ResourceShareName", "lent"),
            ("Resources.1.ResourceType", kind),
            ("Resources.1.ResourceId", id),
            ("Targets.1", &with.id),
        ];
        let made = self.ok(SHARING, "CreateResourceShare", &params);
        text(&made["ResourceShare"], "ResourceShareId")
    }

    /// Ends a share.
    pub(crate) fn take_back(&self, share: &str) {
        let params = [("ResourceShareId", share)];
        self.ok(SHARING, "DeleteResourceShare", &params);
    }
}

// === impl Scene ===

impl Scene {
    /// With the instance in a VPC of 127.0.40.0/24, a secret of each account in it, and two
    /// accesses used: the VPC and the application.
    pub(crate) fn new(place: &Place) -> Self {
        place.configure(
            "[listen]\nhttps = ['127.0.0.1:0']\nhttp = ['127.0.0.1:0']\n\
             instance = ['0.0.0.0:0']\nadmin = ['127.0.0.1:0']\n\
             [dns]\nlisten = ['127.0.0.1:0']\n",
        );
        let key = crate::place::key(&place.done(&["init", "--account", FIRST]));
        let server = Server::start(place);
        let owner = Account::of(&server, &key);
        let application = member(&owner);
        let home = owner.network(HERE, HOME);
        let instance = owner.buy();
        owner.connect(&instance, &home);
        let share = owner.lend(("KMSInstance", &instance), &application);
        owner.keep(&instance, "the owner's");
        application.keep(&instance, "the application's");
        let ca = owner.ca(&instance);
        let name = format!("{instance}.cryptoservice.kms.aliyuncs.com");
        until("the gateway has its certificate", || {
            connect(
                SocketAddr::new(HOST, server.instance.unwrap().port()),
                &ca,
                &name,
            )
            .is_ok()
        });
        Self {
            server,
            owner,
            application,
            instance,
            home,
            share,
            ca,
        }
    }

    pub(crate) fn name(&self) -> String {
        format!("{}.cryptoservice.kms.aliyuncs.com", self.instance)
    }

    /// What a program at that address is told of the instance's name.
    pub(crate) fn told(&self, from: &str) -> Result<IpAddr, ResponseCode> {
        let dns = self.server.dns.unwrap();
        let name = format!("{}.", self.name());
        match look_up(from, dns, &name, RecordType::A) {
            (ResponseCode::NoError, values) => {
                assert_eq!(values.len(), 1, "{values:?}");
                Ok(values[0].parse().unwrap())
            }
            (code, _) => Err(code),
        }
    }

    /// A connection from one address to another, at which the instance's gateway answers by its
    /// own name. The gateway takes whoever comes; calls are what it refuses.
    pub(crate) fn line(&self, from: &str, to: IpAddr) -> Line {
        let to = SocketAddr::new(to, self.server.instance.unwrap().port());
        let socket = connect_from(from, to);
        Line(over(socket, &self.ca, &self.name()).unwrap())
    }

    /// That both accounts read what is their own.
    pub(crate) fn assert_reads(&self, line: &mut Line) {
        for (account, value) in [
            (&self.owner, "the owner's"),
            (&self.application, "the application's"),
        ] {
            assert_eq!(line.read(account), Ok(value.to_owned()));
        }
    }

    /// That neither account is let in, with the code of this server's documents.
    pub(crate) fn assert_refused(&self, line: &mut Line) {
        for account in [&self.owner, &self.application] {
            let code = "Forbidden.VpcNotBound".to_owned();
            assert_eq!(line.read(account), Err((403, code)), "{}", account.id);
        }
    }
}

// === impl Line ===

impl Line {
    /// One more call: the value of `app/db`, or why it is not told.
    pub(crate) fn read(&mut self, account: &Account) -> Result<String, (u16, String)> {
        let params = [("SecretName", "app/db")];
        let answer = ask(
            &mut self.0,
            &signed(&account.key, KMS, "GetSecretValue", &params),
        );
        let (head, body) = answer.split_once("\r\n\r\n").unwrap();
        let body: Value = serde_json::from_str(body).unwrap();
        match head.split(' ').nth(1).unwrap() {
            "200" => Ok(text(&body, "SecretData")),
            status => Err((status.parse().unwrap(), text(&body, "Code"))),
        }
    }
}

/// One more account of the directory that the first one founds, entered by its role.
fn member(manager: &Account) -> Account {
    manager.ok(DIRECTORY, "EnableResourceDirectory", &[]);
    manager.ok(SHARING, "EnableSharingWithResourceDirectory", &[]);
    let made = [("DisplayName", "application")];
    let made = manager.ok(DIRECTORY, "CreateResourceAccount", &made);
    let id = text(&made["Account"], "AccountId");
    let role = format!("acs:ram::{id}:role/ResourceDirectoryAccountAccessRole");
    let role = [("RoleArn", role.as_str()), ("RoleSessionName", "test")];
    let session = &manager.ok(STS, "AssumeRole", &role)["Credentials"];
    Account {
        at: manager.at,
        id,
        key: SigningKey {
            access_key_id: text(session, "AccessKeyId").parse().unwrap(),
            access_key_secret: Secret::new(text(session, "AccessKeySecret")),
            security_token: Some(Secret::new(text(session, "SecurityToken"))),
        },
    }
}

pub(crate) fn text(answer: &Value, field: &str) -> String {
    answer[field]
        .as_str()
        .unwrap_or_else(|| panic!("no {field} in {answer}"))
        .to_owned()
}
