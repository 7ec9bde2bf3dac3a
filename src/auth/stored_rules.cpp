// Every request asks for these rules and they hardly ever change, so one copy is kept: until a hook sees a change, and
// at most five seconds, for what changed the table behind the model's back (another node, another program).

#include "auth/role.hpp"

#include <chrono>
#include <memory>
#include <mutex>
#include <utility>

namespace sallyport::auth {
namespace {

using definition::Rule;
using std::chrono::steady_clock;

constexpr std::chrono::seconds longest{5};

// Shared by the function and the hooks of the ACL model.
struct Kept {
    explicit Kept(model::StoredModel& from) : table{from} {}

    model::StoredModel& table;
    std::mutex mutex;
    std::shared_ptr<std::vector<Rule> const> rules;
    steady_clock::time_point read_at;
    std::uint64_t changes = 0;
};

std::string text_of(Json const& row, std::string_view name, std::string_view otherwise) {
    auto const& value = row[name];
    auto text = id_text(value);
    return text.empty() ? std::string{otherwise} : text;
}

Rule to_rule(Json const& row) {
    Rule rule;
    rule.model = text_of(row, "model", "*");
    rule.properties = {text_of(row, "property", "*")};
    rule.access_type = text_of(row, "accessType", "*");
    rule.permission = text_of(row, "permission", "");
    rule.principal_type = text_of(row, "principalType", "");
    rule.principal_id = text_of(row, "principalId", "");
    return rule;
}

std::vector<Rule> rules_of(std::vector<Rule> const& rules, std::string const& model) {
    std::vector<Rule> found;
    for (auto const& rule : rules) {
        if (rule.model == model || rule.model == "*") found.push_back(rule);
    }
    return found;
}

Task<std::vector<Rule>> read(std::shared_ptr<Kept> kept, std::string const& model) {
    std::uint64_t changes = 0;
    {
        std::lock_guard const lock{kept->mutex};
        if (kept->rules && steady_clock::now() - kept->read_at < longest) co_return rules_of(*kept->rules, model);
        changes = kept->changes;
    }
    auto rules = std::make_shared<std::vector<Rule>>();
    for (auto const& row : co_await kept->table.find()) rules->push_back(to_rule(row));
    {
        std::lock_guard const lock{kept->mutex};
        if (changes == kept->changes) {
            kept->rules = rules;
            kept->read_at = steady_clock::now();
        }
    }
    co_return rules_of(*rules, model);
}

Task<> forget(std::shared_ptr<Kept> kept) {
    std::lock_guard const lock{kept->mutex};
    kept->rules.reset();
    ++kept->changes;
    co_return;
}

}  // namespace

Access::StoredRules stored_rules(model::Models& models) {
    model::StoredModel* table = nullptr;
    for (auto* model : models.all()) {
        if (model->definition().is("ACL") && !model->definition().data_source.empty()) table = model;
    }
    if (table == nullptr) return {};
    auto kept = std::make_shared<Kept>(*table);
    for (auto const moment : {Moment::after_save, Moment::after_delete})
        table->observe(moment, [kept](HookContext&) { return forget(kept); });
    return [kept](definition::Model const& model) { return read(kept, model.name); };
}

}  // namespace sallyport::auth
