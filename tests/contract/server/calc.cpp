#include "methods.hpp"

namespace contract {
namespace {

using namespace sallyport;

char const* type_of(Json const& value) {
    switch (value.kind()) {
        case Json::Kind::undefined:
            return "undefined";
        case Json::Kind::null:
            return "null";
        case Json::Kind::boolean:
            return "boolean";
        case Json::Kind::number:
            return "number";
        case Json::Kind::date:
            return "date";
        case Json::Kind::string:
            return "string";
        case Json::Kind::array:
            return "array";
        case Json::Kind::object:
            return "object";
    }
    return "unknown";
}

// What a method received, after conversion.
Json show(Json const& value) {
    return JsonObject{{"type", type_of(value)}, {"value", value.is_undefined() ? Json{nullptr} : value}};
}

Task<Result> show_only_argument(Invocation& call) { co_return show(call.argument(call.method.accepts.front().name)); }

Task<Result> add(Invocation& call) {
    auto const b = call.argument("b");
    co_return Json{call.argument("a").as_number() + (b.is_number() ? b.as_number() : 0)};
}

Task<Result> from_path(Invocation& call) {
    co_return JsonObject{{"x", show(call.argument("x"))}, {"y", show(call.argument("y"))}};
}

Task<Result> defaults(Invocation& call) {
    co_return JsonObject{{"v", show(call.argument("v"))}, {"n", show(call.argument("n"))}};
}

MethodBody always(Json value) {
    return [value = std::move(value)](Invocation&) -> Task<Result> {
        // The closure outlives every call: it belongs to the model.
        return [](Json answer) -> Task<Result> { co_return answer; }(value);
    };
}

Task<Result> nothing(Invocation&) { co_return std::monostate{}; }

Task<Result> with_status(Invocation& call) {
    co_return JsonObject{{"msg", "status set"}, {"code", call.argument("code")}};
}

Task<Result> fail(Invocation& call) {
    auto const& status = call.argument("status");
    auto const& code = call.argument("code");
    auto const& message = call.argument("message");
    throw Error{status.is_number() ? static_cast<int>(status.as_number()) : 0,
                message.is_string() && !message.as_string().empty() ? message.as_string() : "failed",
                code.is_string() ? code.as_string() : std::string{}};
    co_return std::monostate{};
}

Task<Result> fail_plain(Invocation&) {
    throw Error{0, "plain failure"};
    co_return std::monostate{};
}

Task<Result> fail_teapot(Invocation&) {
    throw Error{0, "short and stout"};
    co_return std::monostate{};
}

Task<Result> fail_details(Invocation&) {
    throw Error{422, "not acceptable", "POLICY"}
        .with_name("PolicyError")
        .with_details(JsonObject{{"field", "x"}, {"codes", JsonObject{{"x", JsonArray{Json{"nope"}}}}}});
    co_return std::monostate{};
}

}  // namespace

void add_calc_methods(App& app) {
    auto& calc = app.model("Calc");
    for (char const* name :
         {"echoString",  "echoNumber",  "echoInteger", "echoBoolean",  "echoDate",    "echoObject",  "echoAny",
          "echoGeo",     "echoStrings", "echoNumbers", "echoBooleans", "echoArray",   "jsonString",  "jsonNumber",
          "jsonInteger", "jsonBoolean", "jsonDate",    "jsonObject",   "jsonAny",     "jsonNumbers", "jsonStrings",
          "reqString",   "reqNumber",   "reqBody",     "bodyAny",      "bodyNumbers", "fromQuery",   "fromHeader",
          "takesPut",    "takesPatch",  "takesDel",    "anyVerb",      "multi",       "noHttp"}) {
        calc.add_method(name, show_only_argument);
    }
    for (char const* name : {"add", "addForm", "addPost"}) calc.add_method(name, add);
    calc.add_method("fromPath", from_path);
    calc.add_method("defaults", defaults);
    calc.add_method("rootObject", always(JsonObject{{"hello", "world"}, {"n", 1}}));
    calc.add_method("rootArray", always(JsonArray{Json{3}, Json{1}, Json{2}}));
    calc.add_method("rootString", always("just text"));
    calc.add_method("rootNull", always(nullptr));
    calc.add_method("rootNumber", always(42));
    calc.add_method("rootBoolean", always(false));
    calc.add_method("twoReturns", always(JsonObject{{"a", 1}, {"b", "two"}}));
    calc.add_method("nothing", nothing);
    calc.add_method("created", always(JsonObject{{"made", true}}));
    calc.add_method("withHeader", always(JsonObject{{"msg", "hi"}, {"loc", "/somewhere"}}));
    calc.add_method("withStatus", with_status);
    calc.add_method("fail", fail);
    calc.add_method("failPlain", fail_plain);
    calc.add_method("failTeapot", fail_teapot);
    calc.add_method("failDetails", fail_details);
    calc.add_method("takesNote", [&app](Invocation& call) -> Task<Result> {
        return [](Json note) -> Task<Result> { co_return note; }(app.model("Note").build(call.argument("note")));
    });
}

}  // namespace contract
