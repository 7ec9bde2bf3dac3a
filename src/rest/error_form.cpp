#include "rest/error_form.hpp"

namespace sallyport::rest {

ErrorForm read_error_form(Json const& params) {
    ErrorForm form;
    if (is_truthy(params["debug"])) form.candour = Candour::open;
    auto const& fields = params["safeFields"];
    if (fields.is_string()) form.safe_fields.push_back(fields.as_string());
    if (fields.is_array()) {
        for (auto const& field : fields.as_array()) form.safe_fields.push_back(to_display(field));
    }
    auto const& root = params["rootProperty"];
    if (root.is_string() && !root.as_string().empty()) form.root = root.as_string();
    if (root == Json{false}) form.root.clear();
    auto const& type = params["defaultType"];
    form.is_page_by_default = type == Json{"html"} || type == Json{"text/html"};
    form.negotiates = !(params["negotiateContentType"] == Json{false});
    return form;
}

}  // namespace sallyport::rest
