#include "methods/two_doors.hpp"

#include "methods/request_code.hpp"
#include "methods/two_factor_app.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <set>

namespace sallyport::methods {
namespace {

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

// Step one with hashing of the test's own.
class StepOne {
public:
    StepOne(TwoFactorApp& app, auth::Hashing& hashing)
        : app_{app}, parts_{*app.app.models, app.tokens, hashing, app.throttle, app.outbox, app.clock(), {}} {}

    Task<> operator()(JsonObject credentials, Request request = TwoFactorApp::from("198.41.0.4")) {
        MethodSpec const method;
        Caller const nobody;
        Invocation call{.model = app_.employees(), .method = method, .caller = nobody, .request = request};
        call.arguments = {{"credentials", std::move(credentials)}};
        co_await request_code(two_, call);
    }

private:
    TwoFactorApp& app_;
    AccountParts parts_;
    TwoFactorModel two_{
        std::make_shared<TwoDoors>(parts_, app_.senders, app_.keys, auth::Challenges{app_.keys, app_.clock()}),
        app_.employees(), *auth::two_factor_options(app_.employees().definition())};
};

TEST(TwoDoors, StrangersUseUpNoMessagesOfAnOwnerAtAKnownDevice) {
    TwoFactorApp app{only_sms};
    app.sign_up({{"email", ann}, {"mobile", "+33612345600"}});
    app.request_code(ann);
    auto const entered = app.login_with_code({{"email", ann}, {"twofactor", app.sms->last_code()}});
    ASSERT_EQ(entered.status, 200) << entered.code;
    int refused = 0;
    for (int i = 0; i < 30; ++i) {
        // The first at her own number, the others at those next to it.
        auto const email = fmt::format("eve{}@x.test", i);
        app.sign_up({{"email", email}, {"mobile", fmt::format("+336123456{:02}", i)}});
        app.clock().advance(20'000);
        refused += app.request_code(email, TwoFactorApp::from(fmt::format("203.{}.113.9", i))).status == 429 ? 1 : 0;
    }
    EXPECT_GT(refused, 0) << "the range is used up";
    EXPECT_EQ(app.request_code(ann, TwoFactorApp::from("192.88.7.9")).status, 429);
    EXPECT_EQ(app.request_code(ann, TwoFactorApp::from("192.88.7.9", entered.cookie("dev"))).status, 200);
}

TEST(TwoDoors, AUserWhoIsNotThereCostsAsMuchHashingAsOneWhoIs) {
    TwoFactorApp app;
    app.throttle.lift();
    app.sign_up({{"email", ann}});
    JsonObject const cases[] = {
        {{"email", ann}, {"password", app.password}},
        {{"email", ann}, {"password", "wrong"}},
        {{"email", "nobody@x.test"}, {"password", "wrong"}},
        {{"email", "nobody@x.test"}},
        {{"email", ann}, {"password", 1}},
        {{"password", "wrong"}},
    };
    for (auto const& credentials : cases) {
        auth::Hashing idle{app.keys, {.memory_kib = 8, .passes = 1}, 0, 8};  // Takes work and does none.
        StepOne step_one{app, idle};
        auto const context = borrow_context();
        auto is_done = false;
        boost::asio::co_spawn(*context, step_one(credentials), [&](std::exception_ptr const&) { is_done = true; });
        while (idle.waiting() == 0 && !is_done) context->run_one();
        EXPECT_EQ(idle.waiting(), 1U) << to_text(Json{credentials});
    }
}

TEST(TwoDoors, ATryThatABusyServerRefusesCostsNoneOfThoseThereAre) {
    TwoFactorApp app;
    app.sign_up({{"email", ann}});
    auth::Hashing full{app.keys, {.memory_kib = 8, .passes = 1}, 1, 0};
    StepOne step_one{app, full};
    auto const status = [&](Request request) {
        try {
            wait_for(step_one({{"email", ann}, {"password", app.password}}, std::move(request)));
            return 200;
        } catch (Error const& error) {
            return error.status;
        }
    };
    for (int i = 0; i < 30; ++i) {
        ASSERT_EQ(status(TwoFactorApp::from("198.41.0.4")), 503);
        ASSERT_EQ(status(TwoFactorApp::from("198.41.0.4", "dev=AAAAAAAAAAAAAAAAAAAAAA")), 503);
    }
    EXPECT_EQ(app.request_code(ann).status, 200);
}

}  // namespace
}  // namespace sallyport::methods
