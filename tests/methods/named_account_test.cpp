#include "methods/named_account.hpp"

#include "methods/account_app.hpp"
#include "methods/two_factor_app.hpp"

#include <gtest/gtest.h>

namespace sallyport::methods {
namespace {

Task<std::string> id_of(Task<NamedAccount> finding) { co_return (co_await std::move(finding)).account().id; }

/// The id of who is found, or the error.
std::string found(AccountParts const& parts, std::string model, std::string who) {
    try {
        return wait_for(id_of(find_account(parts, std::move(model), std::move(who))));
    } catch (Error const& error) {
        return std::to_string(error.status) + " " + error.message;
    }
}

/// Accounts 1 (ann) and 2 (bob), and 3 (eve), whose username was stored before any was refused.
struct Accounts : TwoFactorApp {
    explicit Accounts(std::string const& username) {
        sign_up({{"email", ann}, {"username", "ann"}});
        sign_up({{"email", "bob@x.test"}});
        sign_up({{"email", "eve@x.test"}});
        app.store->prepare({{"UPDATE employee SET username = ?1 WHERE id = 3", {username}}});
    }

    std::string find(std::string who) { return found(parts, "Employee", std::move(who)); }
};

TEST(NamedAccount, IsFoundByEmailUsernameOrIdAndByNothingElse) {
    Accounts accounts{"eve"};
    EXPECT_EQ(accounts.find(ann), "1");
    EXPECT_EQ(accounts.find("ann"), "1");
    EXPECT_EQ(accounts.find("2"), "2");
    EXPECT_EQ(accounts.find("eve"), "3");
    EXPECT_EQ(accounts.find("carl"), "404 no Employee has the email, username or id \"carl\"");
    EXPECT_EQ(accounts.find(""), "400 say whose account: an email, a username or an id");
    EXPECT_EQ(found(accounts.parts, "Note", ann), "400 Note is no user model; the user models are Employee");
}

TEST(NamedAccount, AnEmailAndAnIdAreNeverTheUsernameOfAnother) {
    EXPECT_EQ(Accounts{ann}.find(ann), "1");
    EXPECT_EQ(Accounts{"2"}.find("2"), "2");
}

TEST(NamedAccount, WhatLooksLikeAnEmailOrAnIdIsNotFoundAsAUsername) {
    for (std::string const name : {"new@x.test", "999", "1e1"}) {
        EXPECT_EQ(Accounts{name}.find(name), "404 no Employee has the email or id \"" + name +
                                                 "\"; as a username the one with the id 3 has it: say 3 if you mean "
                                                 "that one");
    }
}

TEST(NamedAccount, AListShowsAllThatCouldBeMeant) {
    Accounts accounts{"2"};
    Filter filter;
    filter.where = could_be(accounts.employees(), "2");
    EXPECT_EQ(wait_for(accounts.employees().find(std::move(filter))).size(), 2U);
}

TEST(NamedAccount, AnIdIsMeantAlone) {
    Accounts accounts{"2"};
    auto const meant = [&](Json wanted) { return wait_for(id_of(account_meant(accounts.parts, std::move(wanted)))); };
    EXPECT_EQ(meant(JsonObject{{"id", 2}, {"who", ann}}), "2");
    EXPECT_EQ(meant(JsonObject{{"id", "2"}}), "2");
    EXPECT_THROW(meant(JsonObject{{"id", ann}}), Error);
    EXPECT_THROW(meant(JsonObject{{"id", 7}}), Error);
}

}  // namespace
}  // namespace sallyport::methods
