// What access rules refuse, in the audit trail: once an hour for whom and what, or a flood would fill it.

#pragma once

#include "auth/audit.hpp"
#include "auth/throttle.hpp"
#include "sallyport/caller.hpp"
#include "store/store.hpp"

#include <array>
#include <atomic>
#include <cstdint>
#include <string>

namespace sallyport::auth {

class Refusals {
public:
    /// At most so many events in an hour, of everybody together.
    static constexpr std::int64_t most_in_an_hour = 1000;

    /// All must outlive it.
    Refusals(store::Store& store, Throttle& throttle, Clock const& clock);

    /// Writes that `caller` was refused `method` ("Order.deleteById") with the error `code`, unless the same was
    /// written within the hour. Strangers of one network count as one. A database that does not answer changes nothing:
    /// what was refused is refused.
    Task<> note(Caller caller, Source source, std::string method, std::string code);

private:
    bool was_just_noted(std::string const& key, std::int64_t hour_of_now);

    store::Store& store_;
    Throttle& throttle_;
    Clock const& clock_;
    std::array<std::atomic<std::uint64_t>, 4096> noted_{};  // What need not be asked of the database.
};

}  // namespace sallyport::auth
