#include "app/control.hpp"

#include "app/parts.hpp"
#include "http/unix_socket.hpp"
#include "methods/account_export.hpp"
#include "methods/account_import.hpp"
#include "methods/operator_accounts.hpp"
#include "methods/operator_limits.hpp"
#include "rest/reply.hpp"

#include <fmt/format.h>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_future.hpp>

#include <map>
#include <stdexcept>
#include <utility>

namespace sallyport::app {
namespace {

constexpr char const* actor = "command line";

using Command = Task<Json> (*)(Parts&, Json wanted);

Task<Json> list_users(Parts& parts, Json wanted) { return methods::list_accounts(*parts.account, std::move(wanted)); }

Task<Json> add_user(Parts& parts, Json wanted) {
    return methods::add_account_of(*parts.account, std::move(wanted), actor);
}

Task<Json> disable_user(Parts& parts, Json wanted) {
    return methods::disable_account(*parts.account, std::move(wanted), actor);
}

Task<Json> enable_user(Parts& parts, Json wanted) {
    return methods::enable_account(*parts.account, std::move(wanted), actor);
}

Task<Json> grant(Parts& parts, Json wanted) { return methods::give_role_to(*parts.account, std::move(wanted), actor); }

Task<Json> revoke(Parts& parts, Json wanted) {
    return methods::take_role_from(*parts.account, std::move(wanted), actor);
}

Task<Json> reset_factors(Parts& parts, Json wanted) {
    return methods::reset_factors(*parts.account, std::move(wanted), actor);
}

Task<Json> import_users(Parts& parts, Json wanted) {
    auto const serves = [numbers = parts.numbers](std::string_view number) {
        return !numbers || numbers->serves(number);
    };
    return methods::import_accounts({*parts.account, parts.keys, serves}, std::move(wanted), actor);
}

Task<Json> export_users(Parts& parts, Json wanted) {
    return methods::export_accounts(*parts.account, parts.keys, std::move(wanted), actor);
}

Task<Json> show_limits(Parts& parts, Json wanted) {
    return methods::show_limits(*parts.account, *parts.own_store, std::move(wanted));
}

Task<Json> lift_limits(Parts& parts, Json wanted) {
    return methods::lift_limits(*parts.account, *parts.own_store, std::move(wanted), actor);
}

Task<Json> show_audit(Parts& parts, Json wanted) {
    return methods::show_audit(*parts.account, *parts.own_store, std::move(wanted));
}

Task<Json> back_up(Parts& parts, Json wanted) {
    auto const& target = wanted["target"];
    if (!target.is_string()) throw Error{400, "say which folder to make"};
    co_return co_await parts.backups->make(target.as_string());
}

std::map<std::string_view, Command> const& commands() {
    static std::map<std::string_view, Command> const all{{"/user/list", list_users},
                                                         {"/user/add", add_user},
                                                         {"/user/disable", disable_user},
                                                         {"/user/enable", enable_user},
                                                         {"/user/reset-factors", reset_factors},
                                                         {"/user/grant", grant},
                                                         {"/user/revoke", revoke},
                                                         {"/user/import", import_users},
                                                         {"/user/export", export_users},
                                                         {"/limits/show", show_limits},
                                                         {"/limits/lift", lift_limits},
                                                         {"/audit", show_audit},
                                                         {"/backup", back_up}};
    return all;
}

Task<Json> run(Parts& parts, Request const& request) {
    auto const found = commands().find(request.path());
    if (request.verb != "POST" || found == commands().end())
        throw Error{404, "this server does not know that command: it is of another version than the program"};
    co_return co_await found->second(parts, parse_json(request.body));
}

Task<Response> answer(Parts& parts, Request const& request) {
    try {
        co_return rest::json_reply(200, to_text(co_await run(parts, request)));
    } catch (Error const& error) {
        co_return rest::error_reply(error, request, {.candour = rest::Candour::open});
    } catch (std::exception const&) {
        co_return rest::error_reply(Error{500, "the command failed"});
    }
}

// What a command has people told goes out at once where a server runs, and else when one is started.
Task<Response> answer_and_send(Parts& parts, Request const& request) {
    auto response = co_await answer(parts, request);
    parts.outbox->pump(co_await boost::asio::this_coro::executor);
    co_return response;
}

// In this process: the databases are opened, and nothing is served.
Response answer_here(std::filesystem::path const& folder, Request const& request) {
    boost::asio::io_context context;
    App app{folder};
    auto& parts = app.parts();
    for (auto const& source : parts.project.data_sources) {
        if (source.name == own_data_source(parts.project) && source.connector == "memory") {
            throw std::runtime_error{
                fmt::format("no server runs in {}, and its accounts are kept in memory only\n"
                            "  hint: start it in another terminal: sallyport run",
                            folder.string())};
        }
    }
    auto reply = boost::asio::co_spawn(context, answer(parts, request), boost::asio::use_future);
    context.run();
    return reply.get();
}

Request request_for(std::string path, Json const& wanted) {
    Request request;
    request.verb = "POST";
    request.target = std::move(path);
    request.body = to_text(wanted);
    return request;
}

// A server's own answer, which may be long: it has a name for each value of each account.
Json read_reply(Response const& response) {
    constexpr JsonLimits generous{.max_keys = 10'000'000};
    auto body = parse_json(std::get<std::string>(response.body), generous);
    if (response.status < 400) return body;
    throw std::runtime_error{to_display(body["error"]["message"])};
}

}  // namespace

std::filesystem::path control_socket(std::filesystem::path const& folder) { return folder / "sallyport.sock"; }

Handler control(Parts& parts) {
    return [&parts](Request const& request) { return answer_and_send(parts, request); };
}

std::optional<Json> ask_server(std::filesystem::path const& folder, std::string path, Json const& wanted) {
    auto const reply = http::ask(control_socket(folder), request_for(std::move(path), wanted));
    return reply ? std::optional{read_reply(*reply)} : std::nullopt;
}

Json ask_app(std::filesystem::path const& folder, std::string path, Json const& wanted) {
    if (auto answer = ask_server(folder, path, wanted)) return std::move(*answer);
    return read_reply(answer_here(folder, request_for(std::move(path), wanted)));
}

}  // namespace sallyport::app
