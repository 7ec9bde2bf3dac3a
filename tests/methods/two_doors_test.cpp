#include "methods/two_doors.hpp"

#include "methods/request_code.hpp"
#include "methods/two_factor_app.hpp"

#include <gtest/gtest.h>

#include <set>

namespace sallyport::methods {
namespace {

auto constexpr ann = "ann@x.test";

TEST(TwoDoors, ACodeFollowsFromNothingThatIsKnownBeforeItIsSent) {
    TwoFactorApp app;
    app.throttle.lift();
    app.sign_up({{"email", ann}});
    // The same account at the same moment: only chance is left to tell the codes apart.
    std::set<std::string> codes;
    for (int i = 0; i < 4; ++i) {
        ASSERT_EQ(app.request_code(ann).status, 200);
        codes.insert(app.console->last_code());
    }
    EXPECT_GT(codes.size(), 1U);
}

TEST(TwoDoors, WithoutTheRightPasswordNoCodeOpensTheSecondDoor) {
    TwoFactorApp app;
    app.sign_up({{"email", ann}});
    app.request_code({{"email", ann}, {"password", "wrong"}});
    // Even the code itself, had one been sent.
    auto const code = app.console->messages.empty() ? std::string{"000000"} : app.console->last_code();
    EXPECT_EQ(app.login_with_code({{"email", ann}, {"twofactor", code}}).status, 401);
    EXPECT_EQ(app.number("SELECT count(*) FROM accesstoken"), 0);
}

TEST(TwoDoors, AUserWhoIsNotThereCostsAsMuchHashingAsOneWhoIs) {
    TwoFactorApp app;
    app.throttle.lift();
    app.sign_up({{"email", ann}});
    // A queue that takes nothing: who would hash is told that the server is busy.
    auth::Hashing full{app.keys, {.memory_kib = 8, .passes = 1}, 1, 0};
    AccountParts parts{*app.app.models, app.tokens, full, app.throttle, app.outbox, app.clock(), {}};
    auto const doors =
        std::make_shared<TwoDoors>(parts, app.senders, app.keys, auth::Challenges{app.keys, app.clock()});
    TwoFactorModel const two{doors, app.employees(), *two_factor_options(app.employees().definition())};
    JsonObject const cases[] = {
        {{"email", ann}, {"password", app.password}},
        {{"email", ann}, {"password", "wrong"}},
        {{"email", "nobody@x.test"}, {"password", "wrong"}},
        {{"email", "nobody@x.test"}},
        {{"email", ann}, {"password", 1}},
        {{"password", "wrong"}},
    };
    for (auto const& credentials : cases) {
        MethodSpec const method;
        Caller const nobody;
        auto const request = TwoFactorApp::from("198.41.0.4");
        Invocation call{.model = app.employees(), .method = method, .caller = nobody, .request = request};
        call.arguments = {{"credentials", credentials}};
        try {
            wait_for(request_code(two, call));
            ADD_FAILURE() << to_text(Json{credentials});
        } catch (Error const& error) {
            EXPECT_EQ(error.status, 503) << to_text(Json{credentials});
        }
    }
}

}  // namespace
}  // namespace sallyport::methods
