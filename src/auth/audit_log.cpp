#include "auth/audit_log.hpp"

#include "auth/audit.hpp"

#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <chrono>
#include <exception>
#include <utility>

namespace sallyport::auth {
namespace {

std::int64_t constexpr at_once = 500;  // lines
std::chrono::seconds constexpr every{1};

}  // namespace

AuditLog::AuditLog(store::Store& store, Clock const& clock, http::EventLog log)
    : store_{store}, clock_{clock}, log_{log} {
    store_.inspect({"SELECT coalesce(max(id), 0) FROM sallyport_audit", {}},
                   [this](store::Row const& row) { last_ = row.integer(0); });
}

store::Statement AuditLog::unwritten(std::int64_t until) const {
    // Not the first that is too young, nor any after it: the order stays.
    return {R"(
SELECT at, event, outcome, user_model, user_id, identifier, factor, about, actor, network, agent, id
FROM sallyport_audit
WHERE id > ?1 AND id < coalesce((SELECT min(id) FROM sallyport_audit WHERE id > ?1 AND at > ?2), 9e18)
ORDER BY id LIMIT ?3)",
            {last_, until, at_once}};
}

AuditLog::Line AuditLog::read(store::Row const& row) {
    Line line{.id = row.integer(11), .event = std::string{row.text(1)}, .at = row.integer(0), .fields = {}};
    line.fields = std::move(read_event(row).as_object());
    line.fields.erase("at");
    return line;
}

// False where there was none.
bool AuditLog::tell(std::vector<Line> lines) {
    for (auto& line : lines) {
        log_.repeat(line.event, std::move(line.fields), line.at);
        last_ = line.id;
    }
    return !lines.empty();
}

Task<> AuditLog::tell_new() {
    std::vector<Line> lines;
    do {
        lines.clear();
        // On another thread, which may outlive us at the end: it touches the coroutine's own alone.
        co_await store_.read(unwritten(clock_.now() - delay_ms),
                             [&lines](store::Row const& row) { lines.push_back(read(row)); });
    } while (tell(std::move(lines)));
}

Task<> AuditLog::keep_telling() {
    boost::asio::steady_timer timer{co_await boost::asio::this_coro::executor};
    for (;;) {
        try {
            co_await tell_new();
        } catch (std::exception const&) {
            // The database does not answer: what is in it is told later.
        }
        timer.expires_after(every);
        co_await timer.async_wait(boost::asio::use_awaitable);
    }
}

void AuditLog::tell_rest() {
    std::vector<Line> lines;
    do {
        lines.clear();
        store_.inspect(unwritten(clock_.now()), [&lines](store::Row const& row) { lines.push_back(read(row)); });
    } while (tell(std::move(lines)));
}

}  // namespace sallyport::auth
