#include "methods/change_stream.hpp"

#include "methods/remote_records.hpp"
#include "query/parse.hpp"

#include <fmt/format.h>
#include <boost/asio/this_coro.hpp>

#include <chrono>
#include <utility>

namespace sallyport::methods {
namespace {

using model::Change;
using std::chrono::steady_clock;

// One open stream. What it is given of the call is its own: the call is over long before.
struct Stream {
    model::StoredModel& model;
    Caller caller;
    Where where;  // what was asked for, and the model's scope
    std::shared_ptr<CrudRules const> rules;
    std::shared_ptr<model::ChangeReader> reader;
    bool has_begun = false;
};

std::string_view name_of(Change::Kind kind) {
    switch (kind) {
        case Change::Kind::create:
            return "create";
        case Change::Kind::update:
            return "update";
        case Change::Kind::remove:
            return "remove";
    }
    return "update";
}

// As a read would show it to this caller.
Task<Json> shown(Stream const& stream, Json record) {
    std::vector<Json> records;
    records.push_back(std::move(record));
    OperationOptions const options{.caller = &stream.caller, .is_remote = true};
    co_await stream.model.run_loaded_hooks(records, options);
    co_return stream.model.visible(std::move(records.front()), stream.caller);
}

// In LoopBack's form and order. JSON text has no line break in it, so one "data:" line holds it.
Task<std::string> event(Stream const& stream, Change const& change) {
    JsonObject told{{"target", change.id}};
    if (change.kind == Change::Kind::remove) {
        told.append("where", JsonObject{{stream.model.definition().id()->name, change.id}});
    } else {
        told.append("data", co_await shown(stream, change.record));
    }
    told.append("type", Json{name_of(change.kind)});
    co_return fmt::format("event: data\ndata: {}\n\n", to_text(Json{std::move(told)}));
}

Task<bool> may_see(Stream const& stream, Change const& change) {
    if (change.record.is_undefined()) co_return false;  // Gone in the transaction that changed it.
    if (!co_await stream.model.matches(change.record, stream.where)) co_return false;
    auto const& may_read = stream.rules->may_read_record;
    co_return !may_read || co_await may_read(stream.caller, stream.model, change.id, change.record);
}

// Ended by the server or for the reader: whoever asks again is asked who they are again.
Task<bool> is_over(Stream const& stream) {
    if (stream.reader->is_over()) co_return true;
    auto const& lives = stream.rules->session_lives;
    co_return lives && !co_await lives(stream.caller);
}

// Proxies and browsers give up on a connection that says nothing, so a comment goes out where there is nothing to tell.
Task<std::string> next_piece(std::shared_ptr<Stream> stream) {
    if (!std::exchange(stream->has_begun, true)) co_return ":ok\n\n";
    auto const deadline = steady_clock::now() + stream->rules->heartbeat;
    for (;;) {
        auto const change = co_await stream->reader->next(deadline);
        if (co_await is_over(*stream)) co_return std::string{};
        if (!change) co_return ":\n\n";
        if (co_await may_see(*stream, *change)) co_return co_await event(*stream, *change);
    }
}

Where asked_for(Invocation& call, CrudRules const& rules) {
    auto const& options = call.argument("options");
    if (options.is_nothing()) return {};
    if (rules.filter.refuse_unknown) {
        for (auto const& [name, value] : options.as_object()) {
            if (name != "where")
                throw Error{400, fmt::format("A change stream has no option \"{}\"; it has where.", name)};
        }
    }
    auto const& where = std::as_const(options)["where"];
    return where.is_nothing() ? Where{} : query::read_where(where, model_of(call).definition(), rules.filter);
}

Task<Result> create_change_stream(Invocation& call, std::shared_ptr<CrudRules const> rules) {
    auto& model = model_of(call);
    Filter filter;
    filter.where = asked_for(call, *rules);
    co_await model.prepare_read(filter, options_for(call));
    auto stream = std::make_shared<Stream>(Stream{.model = model,
                                                  .caller = call.caller,
                                                  .where = std::move(filter.where),
                                                  .rules = std::move(rules),
                                                  .reader = {}});
    stream->reader = model.changes().subscribe(co_await boost::asio::this_coro::executor);
    // Nothing on the way may hold events back, to press them together or otherwise.
    call.response_headers = {{"Content-Type", "text/event-stream"},
                             {"Cache-Control", "no-cache, no-transform"},
                             {"X-Accel-Buffering", "no"}};
    co_return Producer{[stream = std::move(stream)] { return next_piece(stream); }};
}

}  // namespace

void add_change_stream(model::StoredModel& model, std::shared_ptr<CrudRules const> const& rules) {
    model.add_method({.name = "createChangeStream",
                      .accepts = {query_object("options", "Which changes: {\"where\"}")},
                      .returns = {{.name = "changes", .type = {"ReadableStream", false}}},
                      .http = {{"POST", "/change-stream"}, {"GET", "/change-stream"}},
                      .access_type = "READ",
                      .description = "Streams changes as they happen, as server-sent events."},
                     [rules](Invocation& call) { return create_change_stream(call, rules); });
}

}  // namespace sallyport::methods
