// App: a project folder, opened.

#pragma once

#include "sallyport/clock.hpp"
#include "sallyport/model.hpp"
#include "sallyport/request.hpp"
#include "sallyport/sender.hpp"

#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace sallyport {

namespace app {
class Parts;
}

/// What overrides the folder's own settings.
struct AppSettings {
    std::optional<std::string> host;
    std::optional<int> port;       ///< 0 lets the system choose.
    std::string environment;       ///< "" takes SALLYPORT_ENV, NODE_ENV, or "development".
    bool make_keys = false;        ///< Makes keys.json if there is none.
    std::shared_ptr<Clock> clock;  ///< The machine's unless given.
};

/// An app: its models, with what this program adds to them, and its server.
///
///     App app{"my-app"};
///     app.model("Employee").add_method("greet", greet);
///     return app.run();
class App {
public:
    /// Reads the folder and opens its database. Throws std::runtime_error listing every mistake, each with
    /// file, line and a hint.
    explicit App(std::filesystem::path folder, AppSettings settings = {});
    ~App();
    App(App const&) = delete;
    App& operator=(App const&) = delete;

    /// The model of that name. Throws std::out_of_range if the folder has none.
    Model& model(std::string_view name);

    /// Answers `verb path` (exact path) outside the API root. What `handler` throws is answered as a method's errors
    /// are.
    void add_route(std::string verb, std::string path, Handler handler);

    /// Who sent a request, for routes outside the API: as the API sees it. Throws Error 401 where a token has expired.
    Task<Caller> caller_of(Request const& request);

    /// Decides a role of that name: true if the caller has it for the record (id may be undefined).
    using RoleResolver = std::function<Task<bool>(Caller const&, Model&, Json id)>;
    void add_role(std::string name, RoleResolver resolver);

    /// Sends messages of that channel ("sms", "console", "email") through `sender` instead.
    void set_sender(std::string channel, std::shared_ptr<Sender> sender);

    /// Serves until SIGTERM or SIGINT, then answers what is in flight and returns 0.
    int run();

    /// As run(), in threads of its own; for tests. stop() ends it.
    void start();
    void stop();
    int port() const;  ///< The port in use, once started.

    app::Parts& parts();  ///< For testing.hpp and the command line.

private:
    std::unique_ptr<app::Parts> parts_;
};

}  // namespace sallyport
