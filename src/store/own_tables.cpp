#include "store/own_tables.hpp"

namespace sallyport::store {

std::vector<std::string_view> own_tables() {
    return {
        // The version of these tables ("schema") and whose keys the database belongs to ("keys").
        "CREATE TABLE sallyport_meta (key TEXT NOT NULL PRIMARY KEY, value TEXT NOT NULL) STRICT",
        // auth/: what LoopBack's AccessToken has no column for; the same id.
        "CREATE TABLE sallyport_sessions (id TEXT NOT NULL PRIMARY KEY, user_model TEXT NOT NULL,"
        " user_id TEXT NOT NULL, purpose TEXT NOT NULL, created INTEGER NOT NULL, last_used INTEGER NOT NULL,"
        " auth_time INTEGER NOT NULL, expires_at INTEGER NOT NULL, factors TEXT NOT NULL, network TEXT NOT NULL,"
        " agent TEXT NOT NULL) STRICT",
        "CREATE INDEX sallyport_sessions_user ON sallyport_sessions (user_model, user_id)",
        "CREATE INDEX sallyport_sessions_end ON sallyport_sessions (expires_at)",
        // auth/: one row per code that was asked for. id, cookie and device are digests of what the client holds.
        "CREATE TABLE sallyport_challenges (id TEXT NOT NULL PRIMARY KEY, user_model TEXT NOT NULL,"
        " user_id TEXT NOT NULL, purpose TEXT NOT NULL, channel TEXT NOT NULL, factor INTEGER NOT NULL,"
        " cookie TEXT NOT NULL, had_cookie INTEGER NOT NULL, device TEXT NOT NULL, network TEXT NOT NULL,"
        " code_mac TEXT NOT NULL, key_id TEXT NOT NULL, created INTEGER NOT NULL, expires_at INTEGER NOT NULL,"
        " attempts INTEGER NOT NULL, max_attempts INTEGER NOT NULL, consumed_at INTEGER) STRICT",
        "CREATE INDEX sallyport_challenges_user ON sallyport_challenges (user_model, user_id)",
        "CREATE INDEX sallyport_challenges_end ON sallyport_challenges (expires_at)",
        // auth/: what an account has beside its password, and wrong codes in a row.
        "CREATE TABLE sallyport_factors (id INTEGER PRIMARY KEY AUTOINCREMENT, user_model TEXT NOT NULL,"
        " user_id TEXT NOT NULL, type TEXT NOT NULL, target TEXT NOT NULL, state TEXT NOT NULL,"
        " created INTEGER NOT NULL, label TEXT NOT NULL DEFAULT '', secret TEXT NOT NULL DEFAULT '',"
        " last_step INTEGER NOT NULL DEFAULT -1, last_used INTEGER, preferred INTEGER NOT NULL DEFAULT 0) STRICT",
        "CREATE INDEX sallyport_factors_user ON sallyport_factors (user_model, user_id)",
        // auth/: codes to be let in with when no factor is at hand, each the hash of one, good once.
        "CREATE TABLE sallyport_recovery_codes (user_model TEXT NOT NULL, user_id TEXT NOT NULL,"
        " number INTEGER NOT NULL, hash TEXT NOT NULL, used_at INTEGER, PRIMARY KEY (user_model, user_id, number))"
        " STRICT",
        "CREATE TABLE sallyport_counters (user_model TEXT NOT NULL, user_id TEXT NOT NULL, factor TEXT NOT NULL,"
        " consecutive INTEGER NOT NULL, disabled_at INTEGER, PRIMARY KEY (user_model, user_id, factor)) STRICT",
        // auth/: accounts an administrator switched off.
        "CREATE TABLE sallyport_disabled (user_model TEXT NOT NULL, user_id TEXT NOT NULL, since INTEGER NOT NULL,"
        " PRIMARY KEY (user_model, user_id)) STRICT",
        // auth/: what lets the owner of a lost factor enrol another.
        "CREATE TABLE sallyport_tickets (user_model TEXT NOT NULL, user_id TEXT NOT NULL, digest TEXT NOT NULL,"
        " expires_at INTEGER NOT NULL, PRIMARY KEY (user_model, user_id)) STRICT",
        // auth/: clients that finished a login here. budget names what they are charged to; id changes with each login.
        "CREATE TABLE sallyport_devices (id TEXT NOT NULL, user_model TEXT NOT NULL, user_id TEXT NOT NULL,"
        " network TEXT NOT NULL, last_login INTEGER NOT NULL, agent TEXT NOT NULL DEFAULT '',"
        " budget TEXT NOT NULL DEFAULT '', PRIMARY KEY (id, user_model, user_id)) STRICT",
        "CREATE INDEX sallyport_devices_user ON sallyport_devices (user_model, user_id)",
        "CREATE INDEX sallyport_devices_last ON sallyport_devices (last_login)",
        // auth/: those of them that may skip the code. series names one; secret changes with each use; both are
        // digests.
        "CREATE TABLE sallyport_trusted_devices (id INTEGER PRIMARY KEY AUTOINCREMENT, user_model TEXT NOT NULL,"
        " user_id TEXT NOT NULL, series TEXT NOT NULL, secret TEXT NOT NULL, created INTEGER NOT NULL,"
        " last_used INTEGER NOT NULL, network TEXT NOT NULL, agent TEXT NOT NULL) STRICT",
        "CREATE INDEX sallyport_trusted_devices_user ON sallyport_trusted_devices (user_model, user_id)",
        "CREATE INDEX sallyport_trusted_devices_begin ON sallyport_trusted_devices (created)",
        // auth/: emails on their way to another address. to_new and to_old are digests of what the mailboxes were sent.
        "CREATE TABLE sallyport_email_changes (user_model TEXT NOT NULL, user_id TEXT NOT NULL, email TEXT NOT NULL,"
        " session TEXT NOT NULL, to_new TEXT NOT NULL, to_old TEXT NOT NULL, new_agreed INTEGER NOT NULL,"
        " old_agreed INTEGER NOT NULL, created INTEGER NOT NULL, expires_at INTEGER NOT NULL,"
        " PRIMARY KEY (user_model, user_id)) STRICT",
        "CREATE INDEX sallyport_email_changes_new ON sallyport_email_changes (to_new)",
        "CREATE INDEX sallyport_email_changes_end ON sallyport_email_changes (expires_at)",
        "CREATE INDEX sallyport_email_changes_old ON sallyport_email_changes (to_old)",
        // auth/: limits, and failed passwords by the tag of what was tried.
        "CREATE TABLE sallyport_buckets (key TEXT NOT NULL PRIMARY KEY, window_start INTEGER NOT NULL,"
        " n INTEGER NOT NULL, expires_at INTEGER NOT NULL, most INTEGER NOT NULL DEFAULT 0) STRICT",
        "CREATE INDEX sallyport_buckets_end ON sallyport_buckets (expires_at)",
        "CREATE TABLE sallyport_failures (key TEXT NOT NULL PRIMARY KEY, n INTEGER NOT NULL,"
        " last_at INTEGER NOT NULL) STRICT",
        "CREATE INDEX sallyport_failures_last ON sallyport_failures (last_at)",
        // auth/: what happened, for those who have to know. Holds no secret.
        "CREATE TABLE sallyport_audit (id INTEGER PRIMARY KEY AUTOINCREMENT, at INTEGER NOT NULL, event TEXT NOT NULL,"
        " outcome TEXT NOT NULL, user_model TEXT NOT NULL, user_id TEXT NOT NULL, identifier TEXT NOT NULL,"
        " factor TEXT NOT NULL, about TEXT NOT NULL, actor TEXT NOT NULL, network TEXT NOT NULL,"
        " agent TEXT NOT NULL, lasting INTEGER NOT NULL DEFAULT 0) STRICT",
        "CREATE INDEX sallyport_audit_user ON sallyport_audit (user_model, user_id)",
        "CREATE INDEX sallyport_audit_lasting ON sallyport_audit (lasting)",
        // auth/: text messages to a range of numbers, and how many of their codes came back.
        "CREATE TABLE sallyport_prefixes (prefix TEXT NOT NULL PRIMARY KEY, window_start INTEGER NOT NULL,"
        " sent INTEGER NOT NULL, verified INTEGER NOT NULL, stopped_until INTEGER NOT NULL) STRICT",
        // delivery/: messages that wait to be sent, each sealed for its row.
        "CREATE TABLE sallyport_outbox (id TEXT NOT NULL PRIMARY KEY, channel TEXT NOT NULL, sealed TEXT NOT NULL, "
        "due INTEGER NOT NULL, lease_until INTEGER NOT NULL DEFAULT 0, tries INTEGER NOT NULL DEFAULT 0, "
        "expires_at INTEGER NOT NULL, account TEXT NOT NULL DEFAULT '') STRICT",
        "CREATE INDEX sallyport_outbox_due ON sallyport_outbox (due)",
    };
}

std::vector<OwnColumn> later_columns() {
    return {{"sallyport_audit", "lasting", "INTEGER NOT NULL DEFAULT 0",
             "UPDATE sallyport_audit SET lasting = 1 WHERE actor <> '' OR event LIKE 'account%' OR event LIKE 'email.%'"
             " OR event LIKE 'factor%' OR event LIKE 'limits.%' OR event LIKE 'recovery.%' OR event LIKE 'role.%'"
             " OR event LIKE 'username.%' OR event IN ('device.trusted', 'device.revoked', 'password.changed')"},
            {"sallyport_buckets", "most", "INTEGER NOT NULL DEFAULT 0"},
            {"sallyport_devices", "agent", "TEXT NOT NULL DEFAULT ''"},
            {"sallyport_devices", "budget", "TEXT NOT NULL DEFAULT ''", "UPDATE sallyport_devices SET budget = id"},
            {"sallyport_factors", "label", "TEXT NOT NULL DEFAULT ''"},
            {"sallyport_factors", "secret", "TEXT NOT NULL DEFAULT ''"},
            {"sallyport_factors", "last_step", "INTEGER NOT NULL DEFAULT -1"},
            {"sallyport_factors", "last_used", "INTEGER"},
            {"sallyport_factors", "preferred", "INTEGER NOT NULL DEFAULT 0"},
            {"sallyport_outbox", "account", "TEXT NOT NULL DEFAULT ''"}};
}

}  // namespace sallyport::store
