#include "query/items.hpp"

#include "query/where_sql.hpp"

namespace sallyport::query {

Statement select_items(Json const& list, Where const& where, Dialect dialect) {
    Table const items{.name = "_items", .columns = {}, .id = 0, .has_more = true, .model = nullptr};
    Builder builder{items, dialect};
    auto const document = builder.place(to_text(list));
    builder.sql = "SELECT _items._place FROM (SELECT key AS _place, value AS _more FROM json_each(" + document +
                  ") WHERE type = 'object') AS _items";
    append_where(builder, where);
    builder.sql += " ORDER BY _items._place";
    return builder.finish();
}

}  // namespace sallyport::query
