#include "methods/account_import.hpp"

#include "auth/audit.hpp"
#include "auth/disabled_account.hpp"
#include "methods/given_roles.hpp"
#include "methods/imported_account.hpp"
#include "methods/operator_accounts.hpp"
#include "methods/two_doors.hpp"
#include "sallyport/error.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>
#include <utility>

namespace sallyport::methods {
namespace {

constexpr std::size_t most_lines = 100'000;
constexpr std::size_t most_told = 100;
constexpr std::size_t ids_at_once = 500;

struct Line {
    std::size_t number = 0;  ///< From 1, empty ones counted.
    ImportedAccount account;
};

/// An import on its way.
struct Import {
    ImportParts const& parts;
    model::StoredModel& model;
    std::string actor;
    std::vector<Line> lines{};
    JsonArray problems{};
    std::size_t wrong_lines = 0;

    std::size_t current = 0;  ///< The one being written.

    void complain(std::size_t line, LineProblem problem) {
        if (problems.size() == most_told) return;
        problems.emplace_back(
            JsonObject{{"line", line}, {"problem", std::move(problem.problem)}, {"hint", std::move(problem.hint)}});
    }
};

void read_lines(Import& import, std::string_view text) {
    std::size_t number = 0;
    while (!text.empty()) {
        auto const end = std::min(text.find('\n'), text.size());
        auto line = text.substr(0, end);
        text.remove_prefix(std::min(end + 1, text.size()));
        ++number;
        if (line.ends_with('\r')) line.remove_suffix(1);
        if (line.find_first_not_of(" \t") == std::string_view::npos) continue;
        if (import.lines.size() == most_lines)
            throw Error{400, fmt::format("the file has more than {} accounts: part it", most_lines)};
        std::vector<LineProblem> problems;
        auto account = read_imported(import.parts, import.model, line, problems);
        for (auto& problem : problems) import.complain(number, std::move(problem));
        if (!problems.empty()) ++import.wrong_lines;
        import.lines.push_back({number, std::move(account)});
    }
}

// Two accounts of one realm are not the same as two of another.
std::string identity_of(definition::Model const& model, JsonObject const& record, std::string_view property) {
    auto const* const value = record.find(property);
    if (value == nullptr || value->is_nothing()) return {};
    auto const* const realm = record.find("realm");
    auto const is_scoped = property != model.id()->name && has_realms(model) && realm != nullptr;
    return (is_scoped ? to_display(*realm) : std::string{}) + "\n" + to_display(*value);
}

void find_repeated(Import& import, std::string const& property, std::string const& word) {
    std::map<std::string, std::size_t> seen;
    for (auto const& [number, account] : import.lines) {
        auto const identity = identity_of(import.model.definition(), account.record, property);
        if (identity.empty()) continue;
        auto const [first, is_new] = seen.emplace(identity, number);
        if (is_new) continue;
        ++import.wrong_lines;
        import.complain(number,
                        {fmt::format("\"{}\" is that of line {}", word, first->second), "take one of them out"});
    }
}

Task<> find_taken_among(Import& import, std::string property, std::string word, std::size_t first) {
    auto const& definition = import.model.definition();
    auto const last = std::min(first + ids_at_once, import.lines.size());
    JsonArray values;
    for (auto i = first; i < last; ++i) {
        auto const* const value = std::as_const(import.lines[i].account.record).find(property);
        if (value != nullptr && !value->is_nothing()) values.push_back(*value);
    }
    if (values.empty()) co_return;
    Filter filter;
    filter.where = compare(property, Operator::inq, std::move(values));
    std::set<std::string> taken;
    for (auto const& record : co_await import.model.find(std::move(filter)))
        taken.insert(identity_of(definition, record.as_object(), property));
    for (auto i = first; i < last; ++i) {
        auto const& line = import.lines[i];
        auto const identity = identity_of(definition, line.account.record, property);
        if (identity.empty() || !taken.contains(identity)) continue;
        ++import.wrong_lines;
        import.complain(line.number, {fmt::format("an account with this \"{}\" is there already", word),
                                      word == "id" ? "leave the ids out, and new ones are made" : "take the line out"});
    }
}

Task<> find_duplicates(Import& import) {
    std::pair<std::string, std::string> const identities[] = {
        {"email", "email"}, {"username", "username"}, {import.model.definition().id()->name, "id"}};
    for (auto const& [property, word] : identities) {
        find_repeated(import, property, word);
        for (std::size_t i = 0; i < import.lines.size(); i += ids_at_once)
            co_await find_taken_among(import, property, word, i);
    }
}

Task<> add_factors(store::Transaction& transaction, Import const& import, auth::Account account,
                   ImportedAccount const& imported) {
    auto const now = import.parts.account.clock.now();
    if (!imported.phone.empty()) {
        auto const state = imported.is_phone_confirmed ? auth::Factor::State::confirmed : auth::Factor::State::pending;
        co_await auth::add_factor(transaction, account,
                                  {.type = "sms", .target = imported.phone, .state = state, .created = now});
    }
    for (auto const& app : imported.apps) {
        co_await auth::add_factor(transaction, account,
                                  {.type = "totp",
                                   .state = auth::Factor::State::confirmed,
                                   .created = now,
                                   .secret = auth::seal_app_secret(import.parts.keys, account, app)});
    }
}

Task<> write_one(store::Transaction& transaction, Import& import, ImportedAccount const& imported) {
    auto const& parts = import.parts.account;
    Json record{imported.record};
    // It may have an id, which a new record may not.
    co_await import.model.create_in(transaction, record, model::Origin::stored);
    auto const& id = import.model.id_of(record);
    auto const account = auth::Account::of(import.model.name(), id);
    co_await add_factors(transaction, import, account, imported);
    for (auto const& role : imported.roles) co_await give_role(transaction, parts, import.model, id, role);
    if (imported.is_disabled) co_await auth::disable(transaction, account, parts.clock.now());
    co_await auth::record(transaction,
                          {.name = "account.created", .account = account, .about = "imported", .actor = import.actor},
                          parts.clock.now());
}

Task<> write_all(store::Transaction& transaction, Import& import) {
    for (auto const& line : import.lines) {
        import.current = line.number;
        co_await write_one(transaction, import, line.account);
    }
}

// What came in between the look at the lines and their writing, or what a rule of the database refuses.
Task<bool> write(Import& import) {
    std::string refusal;
    try {
        co_await import.model.store()->write(
            [&import](store::Transaction& transaction) { return write_all(transaction, import); });
        co_return true;
    } catch (Error const& error) {
        if (error.status >= 500) throw;
        refusal = error.message;
    }
    import.complain(import.current, {std::move(refusal), "nothing of the file was imported"});
    co_return false;
}

}  // namespace

Task<Json> import_accounts(ImportParts parts, Json wanted, std::string actor) {
    if (!wanted["lines"].is_string()) throw Error{400, "there are no lines to import"};
    Import import{
        .parts = parts, .model = user_model(parts.account, text_of(wanted["model"])), .actor = std::move(actor)};
    read_lines(import, wanted["lines"].as_string());
    if (import.wrong_lines == 0) co_await find_duplicates(import);
    bool const is_dry = wanted["dryRun"] == Json{true};
    bool const is_written = import.problems.empty() && !is_dry && !import.lines.empty() && co_await write(import);
    auto const without =
        std::ranges::count_if(import.lines, [](Line const& line) { return !line.account.has_password; });
    auto const odd =
        std::ranges::count_if(import.lines, [](Line const& line) { return line.account.has_odd_username; });
    co_return Json{JsonObject{{"model", import.model.name()},
                              {"accounts", import.lines.size()},
                              {"imported", is_written ? import.lines.size() : 0},
                              {"withoutPassword", without},
                              {"oddUsernames", odd},
                              {"problems", std::move(import.problems)}}};
}

}  // namespace sallyport::methods
