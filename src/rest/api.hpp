// The chain: find the route, identify the caller, read the arguments, require access, run the method, write the result.

#pragma once

#include "auth/access.hpp"
#include "auth/access_token.hpp"
#include "model/stored_model.hpp"
#include "rest/error_form.hpp"
#include "sallyport/clock.hpp"
#include "sallyport/request.hpp"

#include <boost/asio/any_io_executor.hpp>

#include <cstddef>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace sallyport::rest {

struct ApiRules {
    std::string root = "/api";
    bool handle_unknown_paths = true;
    bool refuse_duplicates = true;     ///< Duplicate JSON keys and scalar query keys: 400; else the last wins.
    bool refuse_unread = true;         ///< A body of a type that is not read: 415; else as if there were none.
    std::size_t json_limit = 1048576;  ///< bytes; a larger body is 413.
    std::size_t form_limit = 1048576;
    std::vector<std::string> item_delimiters = {};  ///< remoting.rest.arrayItemDelimiters
    std::string user_literal = "me";                ///< "" for none
    ErrorForm errors = {};
};

struct ApiParts {
    model::Models& models;
    auth::AccessTokens& tokens;
    auth::Access& access;
    std::map<std::pair<std::string, std::string>, Handler> plain_routes;  ///< (verb, path) outside the root
    std::function<std::optional<Response>(Request const&)> files;         ///< Static files; may be empty.
    std::function<std::optional<Response>(Request const&)> own_pages;  ///< Where nothing of the app answers; or empty.
    ApiRules rules;
    Clock const* clock = nullptr;  ///< The machine's unless given; for `GET /`.
    /// Told what access rules refused, and where work beside the answer may run. May be empty; must not throw.
    std::function<void(Invocation const&, Error const&, boost::asio::any_io_executor)> refused = {};
};

class Api {
public:
    /// Builds the route table from the models; `parts` must outlive it.
    explicit Api(ApiParts& parts);
    ~Api();

    /// Answers any request, the ones outside the root included. Never throws.
    Task<Response> answer(Request const& request) const;

    /// "GET /api/Notes/:id  Note.findById" for each route, sorted; for `sallyport routes`.
    std::vector<std::string> list() const;

    /// "Note.prototype.close" for each method that has a route and no body: JSON declares it and nobody gave it one. It
    /// answers 501.
    std::vector<std::string> without_body() const;

    /// An error in LoopBack's shape for the server's own refusals (400, 408, 413, 414, 431, 503).
    static Response refusal(int status, std::string const& message);

    /// The body limit of a request by its path and type.
    std::size_t body_limit(Request const& request) const;

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace sallyport::rest
