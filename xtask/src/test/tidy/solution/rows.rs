//! The capabilities in the order of the solution.

use super::Row;

const ACCOUNTS: &str = "Accounts";
const INSTANCES: &str = "Instances and networks";
const SHARING: &str = "Sharing";
const HOSTING: &str = "Hosted AccessKeys";
const ACCESS: &str = "Application access points";
const APPLICATIONS: &str = "Applications";
const AUDIT: &str = "Audit and events";

pub(super) const ROWS: &[Row] = &[
    Row {
        section: ACCOUNTS,
        what: "One instance of a shared-services account serves many application accounts, each of which owns its keys, secrets and access points",
        shown_by: &["deploy/scenario/run"],
    },
    Row {
        section: ACCOUNTS,
        what: "Or an instance for each application: nothing of one shows at another's gateway",
        shown_by: &[
            "crates/kms-service/src/instances/tests.rs::the_gateway_of_an_instance_shows_what_lives_there",
            "crates/kms-service/src/secrets/tests/under_key.rs::key_and_secret_live_in_one_instance",
        ],
    },
    Row {
        section: ACCOUNTS,
        what: "Values are sealed, each version under the secret's key",
        shown_by: &[
            "crates/kms-service/src/secrets/tests/at_rest.rs::no_file_holds_a_value_or_a_key",
            "crates/kms-service/src/secrets/tests/under_key.rs::a_secret_is_read_as_long_as_its_key_allows",
            "crates/kms-service/src/secrets/tests/under_key.rs::the_longest_value_fits",
        ],
    },
    Row {
        section: ACCOUNTS,
        what: "AccessKeys of RAM users only",
        shown_by: &[
            "crates/kms-service/src/rotation/access_key/tests/hosting.rs::i15_foreign_keys_are_refused",
            "crates/kms-service/src/ram/tests/access_keys.rs::a_user_has_two_and_their_secrets_are_shown_once",
        ],
    },
    Row {
        section: ACCOUNTS,
        what: "Across regions, for applications of one's own",
        shown_by: &[
            "crates/kms-service/src/networks/tests/connections.rs::a_cen_connects_all_that_it_has",
        ],
    },
    Row {
        section: ACCOUNTS,
        what: "TLS everywhere, the instance's CA told",
        shown_by: &[
            "crates/kms-service/src/instances/tests.rs::an_instance_tells_by_which_ca_it_is_known",
            "crates/kms-server/tests/serve/tls.rs",
        ],
    },
    Row {
        section: ACCOUNTS,
        what: "Sharing within the directory is switched on by the management account first",
        shown_by: &[
            "crates/kms-service/src/sharing/tests/states.rs::what_is_not_ones_own_or_not_of_the_directory_is_refused",
            "deploy/scenario/run",
        ],
    },
    Row {
        section: INSTANCES,
        what: "Buying an instance",
        shown_by: &[
            "crates/kms-service/src/billing/tests.rs::what_was_bought_is_what_it_says_of_itself",
            "crates/kms-service/src/billing/tests.rs::an_order_that_is_sent_again_buys_nothing",
            "crates/kms-server/tests/serve/terraform/instance.calls",
        ],
    },
    Row {
        section: INSTANCES,
        what: "Enabling it, with its states",
        shown_by: &[
            "crates/kms-service/src/instances/tests/networks.rs::an_instance_is_used_when_it_is_connected_and_not_before",
            "crates/kms-server/tests/serve/bought.rs::an_instance_answers_by_its_own_name_as_soon_as_it_is_connected",
        ],
    },
    Row {
        section: INSTANCES,
        what: "Principals and VPCs together are at most the access-management quota",
        shown_by: &[
            "crates/kms-service/src/instances/tests/concurrency.rs::binding_at_once_never_uses_more_than_there_is",
            "crates/kms-service/src/instances/tests/concurrency.rs::nor_by_two_servers_of_one_database",
            "crates/kms-service/src/instances/tests/quota.rs::each_share_of_the_quota_is_told_once_when_it_is_reached",
        ],
    },
    Row {
        section: INSTANCES,
        what: "A share that failed stays so when more is bought; it is made anew",
        shown_by: &[
            "crates/kms-service/src/sharing/tests/states.rs::what_failed_stays_so_until_it_is_made_anew",
            "deploy/scenario/run",
        ],
    },
    Row {
        section: INSTANCES,
        what: "Attaching a VPC of another account by a shared vSwitch",
        shown_by: &[
            "crates/kms-service/src/sharing/tests/vswitches.rs::a_vswitch_is_lent_to_who_owns_the_instance",
            "crates/kms-service/src/instances/tests/networks.rs::binding_replaces_the_whole_list_or_nothing",
            "crates/kms-server/tests/serve/networks.rs::an_attached_network_of_another_account_reaches_an_instance",
            "deploy/scenario/run",
        ],
    },
    Row {
        section: INSTANCES,
        what: "Through a connection between VPCs, without quota, by a name in a private zone",
        shown_by: &[
            "crates/kms-service/src/networks/tests/connections.rs::a_peering_within_an_account_connects_at_once_and_reaches_one_hop",
            "crates/kms-service/src/networks/tests/names.rs::the_administrator_copies_the_value_into_a_zone_for_connected_networks",
            "crates/kms-server/tests/serve/names.rs::who_asks_sees_what_its_network_sees",
            "crates/kms-server/tests/serve/networks.rs::a_peered_network_reaches_an_instance",
            "crates/kms-server/tests/serve/networks.rs::a_joined_network_reaches_an_instance",
        ],
    },
    Row {
        section: INSTANCES,
        what: "From another region, over a routed network",
        shown_by: &[
            "crates/kms-service/src/networks/tests/connections.rs::a_cen_connects_all_that_it_has",
            "crates/kms-server/tests/serve/networks.rs::a_peered_network_of_another_region_reaches_an_instance",
            "crates/kms-server/tests/serve/networks.rs::a_joined_network_of_another_region_reaches_an_instance",
        ],
    },
    Row {
        section: SHARING,
        what: "Sharing an instance, with all states",
        shown_by: &[
            "crates/kms-service/src/sharing/tests/states.rs::an_account_works_in_an_instance_from_when_it_is_shared_until_it_is_not",
            "crates/kms-service/src/sharing/tests/model.rs::the_share_does_what_the_model_says",
            "crates/kms-service/src/sharing/tests/crowds.rs::the_quota_holds_however_many_ask_at_once",
            "crates/kms-server/tests/serve/terraform/share.calls",
        ],
    },
    Row {
        section: SHARING,
        what: "With a folder: its members of today and of tomorrow",
        shown_by: &[
            "crates/kms-service/src/sharing/tests/folders.rs::a_folder_lets_in_who_is_in_it_and_below_as_long_as_they_are",
            "crates/kms-service/src/sharing/tests/folders.rs::each_account_counts_once_however_often_it_is_named",
            "crates/kms-service/src/sharing/tests/crowds.rs::nobody_comes_into_a_folder_beyond_the_quota",
        ],
    },
    Row {
        section: SHARING,
        what: "A share lets one reach it; RAM says what one may do",
        shown_by: &[
            "crates/kms-service/src/sharing/tests/layers.rs::it_takes_the_share_and_a_right",
        ],
    },
    Row {
        section: HOSTING,
        what: "The role that KMS rotates with, by its published name",
        shown_by: &[
            "crates/kms-service/src/ram/tests/seeds.rs::seed_003s_delegation_role_gets_its_policy",
            "crates/kms-server/tests/serve/terraform/host-access-key.calls",
        ],
    },
    Row {
        section: HOSTING,
        what: "An AccessKey for the user, shown once",
        shown_by: &[
            "crates/kms-service/src/ram/tests/access_keys.rs::a_user_has_two_and_their_secrets_are_shown_once",
        ],
    },
    Row {
        section: HOSTING,
        what: "A symmetric key in the same instance",
        shown_by: &[
            "crates/kms-service/src/secrets/tests/under_key.rs::key_and_secret_live_in_one_instance",
            "crates/kms-service/src/secrets/tests/under_key.rs::a_key_that_cannot_protect_makes_no_secret",
        ],
    },
    Row {
        section: HOSTING,
        what: "The secret, named by the server, with all keys of the user",
        shown_by: &[
            "crates/kms-service/src/rotation/access_key/tests/hosting.rs::a_secret_is_named_after_the_user_and_holds_both_keys",
            "crates/kms-service/src/secrets/tests/managed.rs::wrong_configurations_are_refused",
        ],
    },
    Row {
        section: HOSTING,
        what: "Read as one AccessKey",
        shown_by: &[
            "crates/kms-service/src/secrets/tests/managed.rs::what_is_brought_as_a_list_is_read_flat",
        ],
    },
    Row {
        section: HOSTING,
        what: "Rotation by schedule",
        shown_by: &[
            "crates/kms-service/src/rotation/access_key/tests/happy.rs::a_key_is_replaced_and_goes_when_its_window_is_over",
            "crates/kms-service/src/rotation/access_key/tests/invariants.rs::i11_the_next_rotation_is_an_interval_after_the_last_and_not_in_the_past",
            "crates/kms-service/src/secrets/tests/managed.rs::rotation_is_told_and_changed",
        ],
    },
    Row {
        section: HOSTING,
        what: "Rotation at once, one at a time, fifty an hour",
        shown_by: &[
            "crates/kms-service/src/rotation/access_key/tests/invariants.rs::i8_a_version_that_was_used_changes_nothing",
            "crates/kms-service/src/rotation/access_key/tests/invariants.rs::i9_while_one_runs_others_and_changes_of_the_policy_are_refused",
            "crates/kms-service/src/rotation/access_key/tests/invariants.rs::i10_calls_rotate_fifty_times_an_hour",
            "crates/kms-service/src/rotation/access_key/tests/invariants.rs::a_window_that_a_call_asks_for_is_kept",
        ],
    },
    Row {
        section: HOSTING,
        what: "Deleting the secret leaves the AccessKey",
        shown_by: &[
            "crates/kms-service/src/rotation/access_key/tests/invariants.rs::i19_deleting_the_secret_leaves_ram_alone_and_restoring_it_brings_the_labels_back",
        ],
    },
    Row {
        section: ACCESS,
        what: "Network rules, private and public",
        shown_by: &[
            "crates/kms-service/src/access/network_rules/tests.rs::a_rule_is_made_told_changed_and_deleted",
            "crates/kms-service/src/access/network_rules/tests.rs::what_is_no_address_is_refused",
        ],
    },
    Row {
        section: ACCESS,
        what: "Policies: scope, permissions, resources, at most three rules",
        shown_by: &[
            "crates/kms-service/src/access/policies/tests.rs::a_policy_has_three_rules_at_most",
            "crates/kms-service/src/access/tests.rs::a_policy_allows_what_fits_it_as_a_whole",
            "crates/kms-server/tests/serve/terraform/access-point.calls",
        ],
    },
    Row {
        section: ACCESS,
        what: "Access points: at most three policies, any of which may allow as a whole",
        shown_by: &[
            "crates/kms-service/src/access/points/tests.rs::an_access_point_has_one_to_three_policies_that_exist",
            "crates/kms-service/src/access/tests.rs::two_policies_add_up_whole_by_whole",
            "crates/kms-service/src/access/tests/concurrency.rs::no_reference_dangles_and_no_limit_breaks",
        ],
    },
    Row {
        section: ACCESS,
        what: "ClientKeys: made once, under a password",
        shown_by: &[
            "crates/kms-service/src/access/client_keys/tests.rs::a_key_is_made_and_told_without_its_private_half",
            "crates/kms-service/src/access/client_keys/tests.rs::passwords_have_rules",
            "suite/python/access_points.py",
        ],
    },
    Row {
        section: ACCESS,
        what: "Reminders 180, 90, 30 and 7 days before a ClientKey ends, each once",
        shown_by: &[
            "crates/kms-service/src/events/tests.rs::of_a_years_key_people_hear_four_times_and_each_time_once",
            "crates/kms-service/src/events/tests.rs::a_key_of_twenty_days_is_reminded_of_once_only",
            "crates/kms-service/src/events/tests.rs::two_servers_on_one_postgresql_remind_once",
        ],
    },
    Row {
        section: APPLICATIONS,
        what: "By the secret's name alone, from outside",
        shown_by: &["suite/python/managed.py", "suite/python/hosted.py"],
    },
    Row {
        section: APPLICATIONS,
        what: "By the instance's gateway and its CA",
        shown_by: &["suite/python/managed.py", "suite/python/cache_client.py"],
    },
    Row {
        section: APPLICATIONS,
        what: "Files for a pod, from a Secret",
        shown_by: &["suite/python/kms_client_key.py"],
    },
    Row {
        section: APPLICATIONS,
        what: "Fresh AccessKeys without a failed call",
        shown_by: &[
            "crates/kms-client/src/managed/tests/rotation.rs::a_scheduled_rotation_fails_no_call_whatever_the_service_says_of_the_old_key",
            "crates/kms-client/src/managed/tests/rotation.rs::an_emergency_rotation_fails_no_call_where_the_service_says_why",
            "suite/python/managed.py",
        ],
    },
    Row {
        section: AUDIT,
        what: "A delegated administrator",
        shown_by: &[
            "crates/kms-service/src/directory/tests.rs::a_delegated_administrator_looks_and_changes_nothing",
            "deploy/scenario/run",
        ],
    },
    Row {
        section: AUDIT,
        what: "A global account group, whose members follow the directory",
        shown_by: &["deploy/scenario/run"],
    },
    Row {
        section: AUDIT,
        what: "Rules for AccessKeys that are unused or not replaced",
        shown_by: &[
            "crates/kms-service/src/compliance/evaluate/tests.rs::cases",
            "crates/kms-service/src/compliance/tests/rules.rs::a_rule_is_asked_when_it_is_made_and_says_something_of_each_user",
            "crates/kms-service/src/compliance/tests/rotation.rs::a_rotation_turns_the_rule_green_at_once_and_is_told_of_once",
            "crates/kms-service/src/compliance/tests/scopes.rs::secrets_are_told_apart_by_type_tag_and_region",
            "crates/kms-service/src/compliance/tests/other_ram.rs::its_users_tags_are_asked_for_if_a_rule_goes_by_them",
            "crates/kms-server/tests/serve/cloud_rules.rs::a_rule_finds_a_disabled_key_in_the_cloud",
        ],
    },
    Row {
        section: AUDIT,
        what: "Evaluated every 24 hours, or as often as one says",
        shown_by: &[
            "crates/kms-service/src/compliance/tests/rules.rs::a_key_turns_red_at_the_next_turn_and_its_replacement_makes_it_green_at_once",
        ],
    },
    Row {
        section: AUDIT,
        what: "What is found is delivered",
        shown_by: &[
            "crates/kms-service/src/compliance/tests/findings.rs::channels_get_what_they_want_and_nothing_from_before_they_were",
            "crates/kms-service/src/compliance/tests/deliveries.rs::a_channel_gets_findings_in_their_order_and_a_failure_holds_up_those_behind_it",
            "crates/kms-server/src/deliveries/tests.rs::what_fails_is_tried_again_after_a_restart_and_nothing_overtakes_it",
            "crates/kms-server/src/deliveries/tests/places.rs::logs_have_a_field_for_each_of_the_findings_own",
            "crates/kms-server/src/deliveries/tests/places.rs::a_bucket_of_s3_may_stand_for_a_store_of_logs",
            "crates/kms-server/src/deliveries/tests/places.rs::a_file_of_a_message_channel_has_annotations_as_text",
            "crates/kms-wire/src/oss/tests.rs::objects_are_signed_as_the_official_sdk_signs_them",
            "crates/kms-wire/src/sls/tests.rs::logs_are_written_and_signed_as_the_official_sdk_does",
        ],
    },
    Row {
        section: AUDIT,
        what: "Events of rotations, quotas and ClientKeys",
        shown_by: &[
            "crates/kms-service/src/compliance/tests/rotation.rs::a_rotation_that_is_given_up_is_told_of_as_critical_once",
            "crates/kms-service/src/instances/tests/quota.rs::each_share_of_the_quota_is_told_once_when_it_is_reached",
            "crates/kms-service/src/events/tests.rs::each_is_told_at_least_once_and_then_no_more_across_restarts",
            "crates/kms-server/src/events/mail/tests.rs::a_mail_says_what_happened_to_everybody_and_can_be_told_from_others",
        ],
    },
];
