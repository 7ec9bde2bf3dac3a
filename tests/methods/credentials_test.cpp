#include "methods/credentials.hpp"

#include "sallyport/error.hpp"

#include <gtest/gtest.h>

namespace sallyport::methods {
namespace {

definition::Model model_with(JsonObject settings) {
    definition::Model model;
    model.name = "Person";
    model.settings = std::move(settings);
    return model;
}

struct Refusal {
    std::string body, code, message;
};

void expect_refusals(definition::Model const& model, std::initializer_list<Refusal> rows) {
    for (auto const& row : rows) {
        try {
            read_credentials(model, parse_json(row.body));
            ADD_FAILURE() << row.body;
        } catch (Error const& error) {
            EXPECT_EQ(error.status, 400) << row.body;
            EXPECT_EQ(error.code, row.code) << row.body;
            EXPECT_EQ(error.message, row.message) << row.body;
        }
    }
}

TEST(Credentials, TheEmailGoesBeforeTheUsername) {
    auto const model = model_with({});
    auto const both = read_credentials(model, parse_json(R"({"email":"a@x.test","username":"ann","password":"p"})"));
    EXPECT_EQ(both.email, "a@x.test");
    EXPECT_EQ(both.username, "");
    EXPECT_EQ(both.password, Json{"p"});

    auto const name = read_credentials(model, parse_json(R"({"email":"","username":"ann"})"));
    EXPECT_EQ(name.username, "ann");
    EXPECT_TRUE(name.password.is_undefined());
}

TEST(Credentials, AnythingButTextIsRefused) {
    auto const missing = "username or email is required";
    expect_refusals(model_with({}), {{"{}", "USERNAME_EMAIL_REQUIRED", missing},
                                     {R"({"password":"p"})", "USERNAME_EMAIL_REQUIRED", missing},
                                     {R"({"email":null,"username":0})", "USERNAME_EMAIL_REQUIRED", missing},
                                     {R"({"email":{"gt":""}})", "INVALID_EMAIL", "Invalid email"},
                                     {R"({"email":["a@x.test"]})", "INVALID_EMAIL", "Invalid email"},
                                     {R"({"email":1})", "INVALID_EMAIL", "Invalid email"},
                                     {R"({"username":{"like":"%"}})", "INVALID_USERNAME", "Invalid username"},
                                     {R"({"username":true})", "INVALID_USERNAME", "Invalid username"}});
    EXPECT_THROW(read_credentials(model_with({}), Json{}), Error);
}

TEST(Credentials, ARealmIsReadOnlyWhereTheModelHasRealms) {
    auto const plain = read_credentials(model_with({}), parse_json(R"({"email":"red:a@x.test","realm":"blue"})"));
    EXPECT_EQ(plain.realm, "");
    EXPECT_EQ(plain.email, "red:a@x.test");

    auto const tenant = model_with({{"realmRequired", true}, {"realmDelimiter", ":"}});
    EXPECT_EQ(read_credentials(tenant, parse_json(R"({"email":"red:a@x.test"})")).realm, "red");
    EXPECT_EQ(read_credentials(tenant, parse_json(R"({"email":"red:a@x.test"})")).email, "a@x.test");
    EXPECT_EQ(read_credentials(tenant, parse_json(R"({"username":"red:al","realm":"blue"})")).realm, "red");
    EXPECT_EQ(read_credentials(tenant, parse_json(R"({"username":"al","realm":"blue"})")).realm, "blue");
    expect_refusals(tenant, {{R"({"email":"a@x.test"})", "REALM_REQUIRED", "realm is required"},
                             {R"({"email":"a@x.test","realm":7})", "INVALID_REALM", "Invalid realm"},
                             {R"({"realm":"red"})", "USERNAME_EMAIL_REQUIRED", "username or email is required"},
                             {R"({"email":{"gt":""},"realm":"red"})", "INVALID_EMAIL", "Invalid email"}});
}

TEST(Credentials, ARealmNarrowsTheSearchAndTheLimit) {
    auto const tenant = model_with({{"realmDelimiter", ":"}});
    auto const red = read_credentials(tenant, parse_json(R"({"username":"red:al"})"));
    auto const blue = read_credentials(tenant, parse_json(R"({"username":"blue:al"})"));
    EXPECT_EQ(red.where().parts.size(), 2U);
    EXPECT_NE(red.identifier(), blue.identifier());
}

TEST(Credentials, AUsernameThatLooksLikeAnEmailIsChargedApart) {
    auto const model = model_with({});
    auto const email = read_credentials(model, parse_json(R"({"email":"al@x.test"})"));
    auto const username = read_credentials(model, parse_json(R"({"username":"al@x.test"})"));
    EXPECT_NE(email.identifier(), username.identifier());
}

TEST(Credentials, EmailsAreLoweredOnlyWhereCaseDoesNotCount) {
    EXPECT_EQ(stored_email(model_with({}), "Mia@X.test"), "Mia@X.test");
    EXPECT_EQ(stored_email(model_with({{"caseSensitiveEmail", false}}), "Mia@X.test"), "mia@x.test");
}

}  // namespace
}  // namespace sallyport::methods
