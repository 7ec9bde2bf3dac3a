#include "methods/token_relation.hpp"

#include "auth/access_token.hpp"
#include "auth/account_id.hpp"
#include "query/table.hpp"

#include <fmt/format.h>

#include <utility>

namespace sallyport::methods {
namespace {

Task<> end_sessions(store::Transaction& transaction, std::string statement) {
    co_await transaction.run({std::move(statement), {}});
}

Task<> also_end_sessions(HookContext& context, std::string statement) {
    context.also([statement = std::move(statement)](Transaction& transaction, Json const&) {
        return end_sessions(transaction.rows(), statement);
    });
    co_return;
}

}  // namespace

// Two user models may have the same ids; whose a token is stands beside it, not in LoopBack's column.
Task<Where> tokens_of(model::StoredModel& tokens, std::string user_model, Json user_id) {
    JsonArray ids;
    co_await tokens.store()->read({"SELECT id FROM sallyport_sessions WHERE user_model = ?1 AND user_id = ?2",
                                   {std::move(user_model), auth::Account::of({}, user_id).id}},
                                  [&](store::Row const& row) { ids.emplace_back(row.text(0)); });
    co_return compare("id", Operator::inq, std::move(ids));
}

Where with_token(std::string const& presented) {
    auto const is_handle =
        presented.size() == 8 && presented.find_first_not_of("0123456789abcdef") == std::string::npos;
    if (!is_handle) return equals("id", auth::stored_id(presented));
    auto where = equals("id", "sha256:" + presented + "%");
    where.op = Operator::like;
    return where;
}

void end_sessions_with(model::StoredModel& tokens) {
    auto statement = fmt::format("DELETE FROM sallyport_sessions WHERE id NOT IN (SELECT id FROM {})",
                                 query::quote(tokens.table().name));
    tokens.observe(Moment::before_delete, [statement = std::move(statement)](HookContext& context) {
        return also_end_sessions(context, statement);
    });
}

}  // namespace sallyport::methods
