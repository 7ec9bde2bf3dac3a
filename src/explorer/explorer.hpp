// The explorer over HTTP: its page, and the two documents that describe the API.

#pragma once

#include "definition/definition.hpp"
#include "explorer/options.hpp"
#include "model/stored_model.hpp"
#include "sallyport/json.hpp"
#include "sallyport/request.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sallyport::explorer {

/// Answers GET and HEAD below the explorer's path. Made once all methods are known; safe on any thread.
class Explorer {
public:
    Explorer(Options options, model::Models const& models);

    /// Nothing for what is not here: the next in line may answer.
    std::optional<Response> answer(Request const& request) const;

    std::string const& mount_path() const { return options_.mount_path; }

private:
    struct Document {
        std::string name;  ///< "swagger.json"
        std::string text;
        std::string gzip;
        std::string tag;
    };

    void add(std::string name, Json const& json);
    std::optional<Response> file(std::string_view name, Request const& request) const;

    Options options_;
    std::vector<Document> documents_;
};

}  // namespace sallyport::explorer
