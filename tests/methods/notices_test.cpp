#include "methods/notices.hpp"

#include "methods/two_factor_app.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace sallyport::methods {
namespace {

auto constexpr old_number = "+33612345600";
auto constexpr new_number = "+33612345699";

class Notices : public testing::Test {
protected:
    Notices() { app.sign_up({{"email", ann}, {"mobile", old_number}}); }

    Reply request(Request const& request) {
        app.clock().advance(pause);
        return app.request_code(ann, request);
    }
    Caller signed_in(Request const& from_where) {
        request(from_where);
        auto const entered = app.login_with_code({{"email", ann}, {"twofactor", code()}}, from_where);
        EXPECT_EQ(entered.status, 200) << entered.code;
        device = entered.cookie("dev");
        return app.caller(entered.body["id"].as_string());
    }
    Caller signed_in() { return signed_in(TwoFactorApp::from("198.41.0.4")); }
    std::string code() const {
        auto const& sent = app.sms->messages;
        auto const found =
            std::ranges::find_if(sent.rbegin(), sent.rend(), [](auto const& m) { return !m.secret.empty(); });
        return found == sent.rend() ? "" : found->secret;
    }
    std::int64_t mails(std::string_view subject) const {
        return std::ranges::count_if(app.email->messages, [&](auto const& m) { return m.subject == subject; });
    }
    std::vector<std::string> told_numbers() const {
        std::vector<std::string> told;
        for (auto const& message : app.sms->messages)
            if (message.secret.empty()) told.push_back(message.to);
        return told;
    }
    void change_password(Caller const& caller) {
        EXPECT_EQ(app.call("changePassword", {{"oldPassword", app.password}, {"newPassword", app.password}},
                           app.from("198.41.0.4"), caller)
                      .status,
                  200);
        wait_for(app.outbox.flush());
    }
    /// What is due `seconds` from now is sent.
    void wait(std::int64_t seconds) {
        app.clock().advance(seconds * 1000);
        wait_for(app.outbox.flush());
    }

    static constexpr auto new_device = "A new device signed in";
    static constexpr auto unanswered = "Your password was used, and no code followed";
    TwoFactorApp app{sms_and_totp};
    std::string device;
    std::int64_t pause = 60'000;  // Before each request, in ms.
};

TEST_F(Notices, AChangeGoesToTheAddressAndToTheConfirmedNumberWithoutASecret) {
    auto const caller = signed_in();
    change_password(caller);
    EXPECT_EQ(told_numbers(), std::vector<std::string>{old_number});
    auto const& told = app.sms->messages.back();
    EXPECT_EQ(told.kind, Message::Kind::notice);
    EXPECT_EQ(told.text, "Your password was changed. If that was not you, sign in and look at your account.");
    EXPECT_EQ(app.email->messages.back().to, ann);
}

TEST_F(Notices, ANumberThatNoCodeConfirmedIsNotTold) {
    app.sign_up({{"email", "bob@x.test"}, {"mobile", new_number}});
    Json const bob = 2;
    wait_for(app.employees().patch_attributes(bob, Json{JsonObject{{"password", "another long password"}}}, {}));
    wait_for(app.outbox.flush());
    EXPECT_TRUE(told_numbers().empty());
}

TEST_F(Notices, TheOldNumberHearsThatAnotherTakesItsPlace) {
    auto const caller = signed_in();
    app.clock().advance(60'000);
    auto const added =
        app.call("prototype.addFactor", {{"type", "sms"}, {"phone", new_number}}, app.from("198.41.0.4"), caller);
    ASSERT_EQ(added.status, 200) << added.code;
    auto const confirmed = app.call("prototype.confirmFactor", {{"fk", added.body["id"]}, {"twofactor", code()}},
                                    app.from("198.41.0.4"), caller);
    ASSERT_EQ(confirmed.status, 200) << confirmed.code;
    EXPECT_EQ(told_numbers(), std::vector<std::string>{old_number});
    EXPECT_EQ(mails("A number was added to your account"), 1);
}

TEST_F(Notices, ThreeTextsADayToANumberAreAll) {
    auto const caller = signed_in();
    for (int i = 0; i < 6; ++i) change_password(caller);
    EXPECT_EQ(told_numbers().size(), 3U);
    app.clock().advance(86'400'000);
    auto const next_day = signed_in();
    change_password(next_day);
    EXPECT_EQ(told_numbers().size(), 4U);
}

TEST_F(Notices, ANewDeviceIsToldOnceAndTheFirstOneNot) {
    pause = 900'000;  // Few codes an hour are sent.
    signed_in();
    EXPECT_EQ(mails(new_device), 0) << "the first";
    signed_in();
    EXPECT_EQ(mails(new_device), 0) << "the same program on the same network";
    signed_in(TwoFactorApp::from("203.0.114.9"));
    EXPECT_EQ(mails(new_device), 1);
    EXPECT_NE(app.email->messages.back().text.find("network 203.0.114.0/24"), std::string::npos);
    signed_in(TwoFactorApp::from("192.88.7.9", device));
    EXPECT_EQ(mails(new_device), 1) << "the same cookie elsewhere";
    auto another = TwoFactorApp::from("198.41.0.4");
    another.headers = {{"User-Agent", "Another/1.0"}};
    signed_in(another);
    EXPECT_EQ(mails(new_device), 2) << "another program on a network that is known";
}

TEST_F(Notices, ARightPasswordWhoseCodeNeverCameIsTold) {
    auto const thief = TwoFactorApp::from("203.0.114.9");
    request(thief);
    wait(299);
    EXPECT_EQ(mails(unanswered), 0);
    wait(1);
    EXPECT_EQ(mails(unanswered), 1);
}

TEST_F(Notices, WrongCodesAreNoAnswer) {
    auto const thief = TwoFactorApp::from("203.0.114.9");
    request(thief);
    auto const wrong = code() == "111111" ? "222222" : "111111";
    for (int i = 0; i < 6; ++i) app.login_with_code({{"email", ann}, {"twofactor", wrong}}, thief);
    wait(300);
    EXPECT_EQ(mails(unanswered), 1);
}

TEST_F(Notices, ARightCodeIsTheAnswerAndLeavesTheNextOneToBeTold) {
    signed_in(TwoFactorApp::from("192.88.7.9"));
    wait(600);
    EXPECT_EQ(mails(unanswered), 0);
    request(TwoFactorApp::from("203.0.114.9"));
    wait(300);
    EXPECT_EQ(mails(unanswered), 1);
}

// Whoever asks for a channel there is not, or shows a wrong ticket, learns nothing but that; and the owner learns of
// them.
TEST_F(Notices, ARightPasswordThatLedNowhereIsTold) {
    for (auto const* wrong : {"channel", "ticket"}) {
        TwoFactorApp other{only_sms};
        other.sign_up({{"email", ann}, {"mobile", old_number}});
        int refused = 0;
        for (int i = 0; i < 9; ++i) {
            auto const reply = other.request_code({{"email", ann}, {"password", other.password}, {wrong, "bogus"}});
            EXPECT_TRUE(reply.status == 401 || reply.status == 429) << wrong;
            refused += reply.status == 429 ? 1 : 0;
        }
        EXPECT_GT(refused, 0) << "it counts as a wrong password: " << wrong;
        wait_for(other.outbox.flush());
        ASSERT_EQ(other.email->messages.size(), 1U) << wrong;
        EXPECT_EQ(other.email->messages[0].subject, unanswered);
    }
}

TEST_F(Notices, AnAddressThatNobodyProvedGetsFourOfAKindADayAndOneThatSaysSo) {
    auto const caller = signed_in();
    app.email->messages.clear();
    for (int i = 0; i < 12; ++i) {
        EXPECT_EQ(app.call("prototype.changeUsername", {{"username", "ann" + std::to_string(i)}},
                           app.from("198.41.0.4"), caller)
                      .status,
                  200);
    }
    ASSERT_EQ(app.email->messages.size(), 5U);
    EXPECT_TRUE(app.email->messages.back().text.contains("not told all of it"));
    EXPECT_EQ(mails("The username of your account was changed"), 4);
    change_password(caller);
    EXPECT_EQ(app.email->messages.size(), 6U) << "no other kind is used up by that";
}

TEST_F(Notices, TwentyChangesADayOfAKindAreAll) {
    auto const caller = signed_in();
    auto const call = [&](std::string const& method, JsonObject arguments) {
        return app.call(method, std::move(arguments), app.from("198.41.0.4"), caller);
    };
    for (int i = 0; i < 20; ++i) {
        EXPECT_EQ(call("prototype.changeUsername", {{"username", "ann" + std::to_string(i)}}).status, 200) << i;
        EXPECT_EQ(call("prototype.addFactor", {{"type", "totp"}}).status, 200) << i;
    }
    EXPECT_EQ(call("prototype.changeUsername", {{"username", "one more"}}).status, 429);
    EXPECT_EQ(call("prototype.addFactor", {{"type", "totp"}}).status, 429);
}

TEST_F(Notices, TheOwnersOwnLoginHidesNoStrangers) {
    request(TwoFactorApp::from("203.0.114.9"));
    signed_in(TwoFactorApp::from("192.88.7.9"));
    wait(300);
    EXPECT_EQ(mails(unanswered), 1);
}

TEST_F(Notices, TheCodeThatWasAskedForAgainAnswersTheFirstOneToo) {
    request(TwoFactorApp::from("198.41.0.4"));
    signed_in(TwoFactorApp::from("198.41.0.4"));
    wait(600);
    EXPECT_EQ(mails(unanswered), 0);
}

TEST_F(Notices, AskingAgainHidesNothingEither) {
    auto const thief = TwoFactorApp::from("203.0.114.9");
    for (int i = 0; i < 3; ++i) request(thief);
    wait(300);
    EXPECT_EQ(mails(unanswered), 1);
    EXPECT_EQ(app.number("SELECT count(*) FROM sallyport_outbox"), 0);
}

TEST_F(Notices, WhoAsksOnAndOnIsToldOfAllTheSame) {
    auto const thief = TwoFactorApp::from("203.0.114.9");
    for (int i = 0; i < 3; ++i) {
        EXPECT_EQ(request(thief).status, 200);
        wait(200);
    }
    EXPECT_EQ(mails(unanswered), 1);
}

TEST_F(Notices, AKnownDeviceMayGoAwayInTheMiddle) {
    signed_in();
    request(TwoFactorApp::from("198.41.0.4", device));
    wait(600);
    EXPECT_EQ(mails(unanswered), 0);
}

}  // namespace
}  // namespace sallyport::methods
