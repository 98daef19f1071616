use kms_store::RotationRecord;
use kms_wire::{Action, request::DescribeSecret, response};

use super::{
    find::Wish, managed_type, rotation::written, write_tags, write_time, write_time_or_empty,
};
use crate::{Caller, Service, failure::Failure, rotation::has_failed};

impl Service {
    /// DescribeSecret; answers for a secret that waits for deletion too.
    pub(crate) async fn describe_secret(
        &self,
        caller: &Caller,
        call: DescribeSecret,
    ) -> Result<response::DescribeSecret, Failure> {
        let target = self.target(caller, &call.secret_name)?;
        let wish = Wish {
            caller,
            action: Action::DescribeSecret,
            target: &target,
            now: self.now(),
        };
        let (secret, tags, latest) = {
            self.read(caller.moment.as_ref(), |mut tx| {
                Box::pin(async move {
                    let tx = &mut *tx;
                    let secret = self.existing(tx, wish).await?;
                    let tags = if call.fetch_tags {
                        Some(tx.tags().of(&secret.id.into()).await?)
                    } else {
                        None
                    };
                    let latest = if managed_type(&secret).is_ok() {
                        tx.rotations().of_secret(secret.id, 1).await?.pop()
                    } else {
                        None
                    };
                    Ok::<_, Failure>((secret, tags, latest))
                })
            })
            .await?
        };
        let rotation = written(&secret.secret_type, &secret.rotation, self.now());
        Ok(response::DescribeSecret {
            arn: self.arn(&secret.account, &secret.name).to_string(),
            secret_name: secret.name.to_string(),
            secret_type: secret.secret_type,
            description: secret.description,
            encryption_key_id: secret.encryption_key_id,
            instance_id: secret.instance_id,
            create_time: write_time(secret.created),
            update_time: write_time(secret.updated),
            planned_delete_time: write_time_or_empty(secret.planned_delete),
            owing_service: String::new(),
            tags: tags.map(write_tags),
            extended_config: secret.extended_config,
            automatic_rotation: rotation.automatic,
            rotation_interval: rotation.interval,
            last_rotation_date: rotation.last,
            next_rotation_date: rotation.next,
            latest_rotation: latest.map(progress),
        })
    }
}

fn progress(row: RotationRecord) -> response::LatestRotation {
    let state = match row.finished {
        None => "InProgress",
        Some(_) if has_failed(&row) => "Failed",
        Some(_) => "Succeeded",
    };
    response::LatestRotation {
        version_id: row.version.to_string(),
        state: state.to_owned(),
        step: row.step,
        error: row.error,
        window_end: write_time_or_empty(row.window_end),
    }
}
