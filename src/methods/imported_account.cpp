#include "methods/imported_account.hpp"

#include "crypto/password.hpp"
#include "definition/known_keys.hpp"
#include "methods/credentials.hpp"
#include "methods/email_address.hpp"
#include "methods/given_roles.hpp"
#include "methods/two_doors.hpp"
#include "methods/username.hpp"
#include "sallyport/error.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <stdexcept>
#include <utility>

namespace sallyport::methods {
namespace {

std::vector<std::string> const members{"id",        "email",          "username", "passwordHash", "emailVerified",
                                       "phone",     "phoneConfirmed", "totp",     "roles",        "disabled",
                                       "properties"};

// No hash has this form, so no password is right: its owner chooses one by a mailed link.
constexpr auto no_hash = "!";

/// A line being read.
class Reader {
public:
    Reader(ImportParts const& parts, model::StoredModel const& model, Json const& line,
           std::vector<LineProblem>& problems)
        : parts_{parts},
          model_{model},
          line_{line},
          problems_{problems},
          options_{auth::two_factor_options(model.definition())} {}

    ImportedAccount read() {
        check_names();
        read_properties();
        read_identity();
        read_hash();
        read_phone();
        read_apps();
        read_roles();
        account_.is_disabled = flag("disabled");
        if (problems_.empty()) check_record();
        return std::move(account_);
    }

private:
    void complain(std::string problem, std::string hint) { problems_.push_back({std::move(problem), std::move(hint)}); }

    void check_names() {
        for (auto const& [name, value] : line_.as_object()) {
            if (std::ranges::find(members, name) != members.end()) continue;
            if (name == "password") {
                complain("passwords in clear are not imported",
                         "give its hash as \"passwordHash\", or leave it out: its "
                         "owner then chooses one by a mailed link");
                continue;
            }
            auto hint = definition::did_you_mean(name, members);
            complain(fmt::format("\"{}\" is no member of a line", name),
                     hint.empty() ? "put properties of the model into \"properties\"" : std::move(hint));
        }
    }

    bool flag(std::string_view name) {
        auto const& value = line_[name];
        if (!value.is_nothing() && !value.is_boolean())
            complain(fmt::format("\"{}\" is neither true nor false", name), "write it without quotes");
        return value == Json{true};
    }

    std::string text(std::string_view name) {
        auto const& value = line_[name];
        if (!value.is_nothing() && !value.is_string())
            complain(fmt::format("\"{}\" is no text", name), "put it in quotes");
        return text_of(value);
    }

    // A text or a list of texts.
    std::vector<std::string> texts(std::string_view name) {
        auto const& value = line_[name];
        if (value.is_nothing()) return {};
        if (value.is_string()) return {value.as_string()};
        std::vector<std::string> found;
        if (value.is_array()) {
            for (auto const& item : value.as_array()) found.push_back(text_of(item));
        }
        if (value.is_array() && std::ranges::find(found, std::string{}) == found.end()) return found;
        complain(fmt::format("\"{}\" is no list of texts", name), fmt::format("\"{}\": [\"...\"]", name));
        return {};
    }

    void read_properties() {
        auto const& properties = line_["properties"];
        if (properties.is_nothing()) return;
        if (!properties.is_object())
            return complain("\"properties\" is no object", R"("properties": {"city": "Bern"})");
        for (auto const& [name, value] : properties.as_object()) {
            if (has_own_member(model_.definition(), options_ ? options_->phone : std::string{}, name)) {
                complain(fmt::format("\"{}\" does not belong into \"properties\"", name),
                         "it stands beside them; a hash as \"passwordHash\", a number as \"phone\"");
            } else if (model_.definition().strict != definition::Strict::off && !model_.definition().property(name)) {
                complain(fmt::format("{} has no property \"{}\"", model_.name(), name),
                         "leave it out, or add it to the model");
            } else {
                account_.record.set(name, value);
            }
        }
    }

    void read_identity() {
        auto const& definition = model_.definition();
        auto const email = text("email");
        if (!is_email_address(email)) complain("\"email\" is no address", R"("email": "ann@company.example")");
        account_.record.set("email", stored_email(definition, email));
        if (auto const username = text("username"); !username.empty()) {
            account_.record.set("username", username);
            account_.has_odd_username = !problem_with_username(definition, username).empty();
        }
        if (flag("emailVerified")) account_.record.set("emailVerified", true);
        if (line_["id"].is_nothing()) return;
        auto id = model_.to_id(line_["id"]);
        if (id.is_undefined()) complain(fmt::format("\"id\" cannot be an id of {}", model_.name()), "leave it out");
        account_.record.set(definition.id()->name, std::move(id));
    }

    void read_hash() {
        auto const hash = text("passwordHash");
        account_.has_password = !hash.empty();
        account_.record.set("password", account_.has_password ? hash : std::string{no_hash});
        if (!account_.has_password) return;
        if (auto const problem = crypto::problem_with_hash(parts_.keys, hash); !problem.empty()) {
            complain("\"passwordHash\" cannot be taken over: " + problem,
                     "docs/how-to/bring-users-over.md lists the notations and their bounds; without a hash the owner "
                     "chooses a password by a mailed link");
        }
    }

    void read_phone() {
        account_.phone = text("phone");
        account_.is_phone_confirmed = flag("phoneConfirmed");
        if (account_.phone.empty()) {
            if (account_.is_phone_confirmed)
                complain("\"phoneConfirmed\" stands without \"phone\"", R"("phone": "+33612345678")");
            return;
        }
        if (!options_ || options_->phone.empty()) {
            complain(fmt::format("{} has no property for a phone number", model_.name()),
                     R"(name it in the mixin: "TwoFactor": {"phone": "mobile"})");
        } else if (!auth::is_phone_number(account_.phone)) {
            complain("\"phone\" is no number in international form", R"("phone": "+33612345678")");
        } else if (parts_.serves && !parts_.serves(account_.phone)) {
            complain("\"phone\" is no mobile number of a country that this app serves",
                     "leave it out, or add its country to the data source for text messages");
        } else {
            account_.record.set(options_->phone, account_.phone);
        }
    }

    void read_apps() {
        auto const secrets = texts("totp");
        bool const is_built =
            options_ && std::ranges::find(options_->channels, std::string{"totp"}) != options_->channels.end();
        if (!secrets.empty() && !is_built) {
            return complain(fmt::format("{} takes no codes of authenticator apps", model_.name()),
                            R"(add "totp" to "channels" of the mixin TwoFactor)");
        }
        for (auto const& secret : secrets) {
            try {
                account_.apps.push_back(auth::read_app_secret(secret));
            } catch (std::invalid_argument const& error) {
                complain(fmt::format("\"totp\" is no secret: {}", error.what()),
                         "write it in base32, or as an otpauth://totp/ URI");
            }
        }
    }

    void read_roles() {
        account_.roles = texts("roles");
        if (account_.roles.empty()) return;
        for (auto const& role : account_.roles) {
            if (is_given_role(role)) continue;
            complain(fmt::format("\"{}\" is no role that an account is given", role), "name one such as \"admin\"");
        }
        try {
            if (role_keepers(parts_.account).roles.store() != model_.store())
                complain(fmt::format("roles are not kept in the database of {}", model_.name()), "leave them out");
        } catch (Error const& error) {
            complain(error.message, "or leave \"roles\" out");
        }
    }

    void check_record() {
        for (auto const& problem : model_.problems_of(model_.build(Json{account_.record}).as_object())) {
            if (problem.property == "password") continue;  // A hash has rules of its own.
            complain(fmt::format("\"{}\" {}", problem.property, problem.message),
                     "give it in \"properties\", as the model asks for it");
        }
    }

    ImportParts const& parts_;
    model::StoredModel const& model_;
    Json const& line_;
    std::vector<LineProblem>& problems_;
    std::optional<auth::TwoFactorOptions> options_;
    ImportedAccount account_{.record = {}};
};

}  // namespace

bool has_own_member(definition::Model const& model, std::string_view phone, std::string_view property) {
    for (auto const* own : {"email", "username", "emailVerified", "verificationToken", "password"}) {
        if (property == own) return true;
    }
    return property == model.id()->name || (!phone.empty() && property == phone);
}

ImportedAccount read_imported(ImportParts const& parts, model::StoredModel const& model, std::string_view line,
                              std::vector<LineProblem>& problems) {
    Json parsed;
    try {
        parsed = parse_json(line);
    } catch (JsonError const& error) {
        problems.push_back({fmt::format("it is no JSON: {}", error.what()), "each account is one line"});
        return {};
    }
    if (!parsed.is_object()) {
        problems.push_back({"it is no object", R"({"email": "ann@company.example"})"});
        return {};
    }
    return Reader{parts, model, parsed, problems}.read();
}

}  // namespace sallyport::methods
