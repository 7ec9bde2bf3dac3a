// The audit trail: what happened to accounts and to the limits that guard them, a row an event (OWASP ASVS 5.0 section
// 16.3).
//
// A row commits with what it tells of, so neither is there without the other. It holds no secret: an identifier that
// was tried is kept as its tag (Throttle::tag), a number as its last two digits, an address as its network.

#pragma once

#include "auth/account_id.hpp"
#include "auth/client.hpp"
#include "sallyport/request.hpp"
#include "store/store.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace sallyport::auth {

/// Who or what a request came from, as an event keeps it.
struct Source {
    std::string network;  ///< "192.0.2.0/24"; "" for the command line.
    std::string agent;    ///< User-Agent, at most 200 bytes.

    static Source of(Request const& request);
};

struct Event {
    enum class Outcome : std::uint8_t { done, refused };

    std::string name;  ///< "password", "code", "session.begun"; docs/reference/audit.md lists them.
    Outcome outcome = Outcome::done;
    Account account;           ///< Its id is "" where there is none.
    std::string identifier{};  ///< The tag of what was tried.
    std::string factor{};      ///< "sms"
    std::string about{};       ///< What else there is to know: "3 of 5 tries", "+•• ••• ••67".
    std::string actor{};       ///< Who did it to the account, where that was not its owner: "command line".
    Source source{};
};

inline constexpr std::int64_t audit_kept_ms = 365LL * 86'400'000;

/// Whether an event tells of a change that somebody may look for long after: what happened to an account, a factor, a
/// role, and all that was done by another than its owner. Tries and sessions come by the thousand, and must not push
/// these out.
bool is_lasting(Event const& event);

/// Writes one; its id. Drops some of the events that are older than a year or beyond the newest ten million, and of
/// those that are not lasting some beyond the newest half million, so that the table cannot grow for ever.
Task<std::int64_t> record(store::Transaction& transaction, Event event, std::int64_t now);

/// What was recorded as refused, before it was known, was right.
Task<> settle(store::Transaction& transaction, std::int64_t id);

/// Takes from the events of an account what tells of a person: networks, programs, numbers, names that were tried.
Task<> forget_person(store::Transaction& transaction, Account account);

/// Which events to list; the empty ones match all.
struct EventFilter {
    std::optional<Account> account{};
    std::string model{};       ///< Of accounts of this user model.
    std::string name{};        ///< "code", or the beginning of some: "session."
    std::string identifier{};  ///< A tag.
    std::int64_t since = 0;    ///< ms since the Unix epoch
    std::int64_t limit = 100;  ///< The newest so many.
    std::int64_t before = 0;   ///< Older than the event with this id; 0: all.
};

/// The events, newest first, for Store::read; read_event makes a row of it what is shown:
/// {"at", "event", "outcome", "model", "userId", "identifier", "factor", "about", "actor", "network", "agent"}, without
/// what is empty. Column 11 is the event's id.
store::Statement select_events(EventFilter const& filter);
Json read_event(store::Row const& row);

}  // namespace sallyport::auth
