#include "methods.hpp"

#include <algorithm>
#include <utility>

namespace contract {
namespace {

using namespace sallyport;
using Mail = std::shared_ptr<test_support::KeepingSender>;

Task<Result> reset(App& app, Mail mail) {
    co_await test_support::flush(app);
    mail->clear();
    co_await test_support::reset(app, "db");
    co_await seed(app);
    co_return std::monostate{};
}

// The secret of the last mail of that kind to the user with that email.
Task<Result> last_secret(App& app, Mail mail, Message::Kind kind, std::string email, std::string model) {
    co_await test_support::flush(app);
    auto const sent = mail->sent();
    auto const found = std::find_if(sent.rbegin(), sent.rend(), [&](Message const& message) {
        return message.kind == kind && message.account == email && message.model == model;
    });
    if (found == sent.rend()) throw Error{404, "No such mail was sent."};
    co_return Json{found->secret};
}

std::string text_or(Json const& value, char const* otherwise) {
    return value.is_string() ? value.as_string() : otherwise;
}

MethodBody secret_of(App& app, Mail mail, Message::Kind kind) {
    return [&app, mail, kind](Invocation& call) {
        return last_secret(app, mail, kind, text_or(call.argument("email"), ""),
                           text_or(call.argument("model"), "Customer"));
    };
}

}  // namespace

Task<> seed(App& app) {
    auto const admin =
        co_await app.model("Customer")
            .create(JsonObject{
                {"email", "admin@company.test"}, {"password", "admin-pass"}, {"username", "admin"}, {"name", "Admin"}});
    auto const role = co_await app.model("Role").create(JsonObject{{"name", "admin"}});
    co_await app.model("RoleMapping")
        .create(
            JsonObject{{"principalType", "USER"}, {"principalId", to_display(admin["id"])}, {"roleId", role["id"]}});
}

void add_harness(App& app, Mail mail) {
    auto& harness = app.model("Harness");
    harness.add_method("reset", [&app, mail](Invocation&) { return reset(app, mail); });
    harness.add_method("verificationToken", secret_of(app, mail, Message::Kind::verification));
    harness.add_method("resetToken", secret_of(app, mail, Message::Kind::reset));
}

}  // namespace contract
