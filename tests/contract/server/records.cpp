#include "methods.hpp"

#include <algorithm>
#include <cctype>

namespace contract {
namespace {

using namespace sallyport;

Task<Result> ping(Invocation&) { co_return Json{true}; }

Task<Result> stats(Invocation& call) { co_return JsonObject{{"total", co_await call.model.count()}}; }

Task<Result> purge(Invocation& call) { co_return Json{co_await call.model.delete_all()}; }

Task<Result> shout(Invocation& call) {
    auto text = to_display(call.instance["text"]);
    std::ranges::transform(text, text.begin(), [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
    co_return Json{text};
}

Task<Result> close_ticket(Invocation& call) {
    co_return co_await call.model.patch_attributes(call.id, JsonObject{{"state", "closed"}});
}

Task<Result> peek(Invocation& call) { co_return call.instance["title"]; }

Task<Result> grow(Invocation& call) {
    auto const& size = call.instance["size"];
    auto const grown = (size.is_number() ? size.as_number() : 0) + call.argument("by").as_number();
    co_await call.model.patch_attributes(call.id, JsonObject{{"size", grown}});
    co_return Json{grown};
}

Task<Result> label(Invocation& call) {
    co_return Json{to_display(call.instance["name"]) + "#" + to_display(call.instance["size"])};
}

Task<Result> biggest(Invocation& call) {
    Filter filter;
    filter.order = {{"size", true}};
    co_return (co_await call.model.find_one(filter)).value_or(Json{nullptr});
}

Task<Result> names(Invocation& call) {
    Filter filter;
    filter.order = {{"id", false}};
    JsonArray found;
    for (auto const& widget : co_await call.model.find(filter)) found.push_back(widget["name"]);
    co_return found;
}

Task<> motto_is_not_bad(Json const& account, std::vector<Problem>& problems) {
    if (account["motto"] == Json{"bad"}) problems.push_back({"motto", "motto.bad", "must not be bad"});
    co_return;
}

}  // namespace

void add_record_methods(App& app) {
    app.model("Report").add_method("ping", ping);
    app.model("Report").add_method("stats", stats);
    app.model("Report").add_method("purge", purge);
    app.model("Memo").add_method("shout", shout);
    app.model("Ticket").add_method("close", close_ticket);
    app.model("Ticket").add_method("peek", peek);
    app.model("Widget").add_method("grow", grow);
    app.model("Widget").add_method("label", label);
    app.model("Widget").add_method("biggest", biggest);
    app.model("Widget").add_method("names", names);
    app.model("Account").add_validation(motto_is_not_bad);
}

}  // namespace contract
