#include "cli/manual.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

namespace sallyport::cli {
namespace {

/// A verb with its words: "keys rotate".
struct Verb {
    std::string name;
    CLI::App const* app;
};

std::vector<CLI::App const*> below(CLI::App const& app) {
    return app.get_subcommands([](CLI::App const*) { return true; });
}

void collect(CLI::App const& app, std::string const& above, std::vector<Verb>& verbs) {
    for (auto const* sub : below(app)) {
        auto const name = above.empty() ? sub->get_name() : above + " " + sub->get_name();
        if (below(*sub).empty()) verbs.push_back({name, sub});
        collect(*sub, name, verbs);
    }
}

std::vector<Verb> verbs_of(CLI::App const& app) {
    std::vector<Verb> verbs;
    collect(app, "", verbs);
    return verbs;
}

std::vector<CLI::Option const*> options_of(CLI::App const& app) {
    return app.get_options([](CLI::Option const* option) { return !option->get_lnames().empty(); });
}

std::vector<std::string> flags_of(CLI::App const& app) {
    std::vector<std::string> flags;
    for (auto const* option : options_of(app)) {
        for (auto const& name : option->get_lnames()) flags.push_back("--" + name);
    }
    return flags;
}

// A line that begins with a dot or a quote is a command of roff; hyphens are minus signs, so that they can be copied.
std::string roff(std::string_view text) {
    std::string escaped;
    for (auto const c : text) {
        if (c == '\\') {
            escaped += "\\e";
        } else if (c == '-') {
            escaped += "\\-";
        } else {
            escaped += c;
        }
    }
    return escaped.starts_with('.') || escaped.starts_with('\'') ? "\\&" + escaped : escaped;
}

std::string section_of(Verb const& verb) {
    std::string positional;
    for (auto const* option : verb.app->get_options([](CLI::Option const* one) { return one->get_positional(); })) {
        auto const name = option->get_name(true, false);
        positional += option->get_required() ? " " + name : " [" + name + "]";
    }
    auto text =
        fmt::format(".SS sallyport {}{}\n{}\n", roff(verb.name), roff(positional), roff(verb.app->get_description()));
    for (auto const* option : options_of(*verb.app)) {
        if (option->get_lnames().front() == "help") continue;
        text += fmt::format(".TP\n.B \\-\\-{}\n{}\n", roff(fmt::format("{}", fmt::join(option->get_lnames(), ", --"))),
                            roff(option->get_description()));
    }
    return text + fmt::format(".PP\n{}\n", roff(verb.app->get_footer()));
}

// In single quotes of a shell.
std::string quoted(std::string text) {
    for (auto at = text.find('\''); at != std::string::npos; at = text.find('\'', at + 4)) text.replace(at, 1, "'\\''");
    return "'" + text + "'";
}

// Verbs of one word: what follows "keys" is offered with its flags.
std::vector<std::string> words_after(CLI::App const& app) {
    auto words = flags_of(app);
    for (auto const* sub : below(app)) words.push_back(sub->get_name());
    return words;
}

std::string for_bash(CLI::App const& app) {
    std::string names;
    std::string cases;
    for (auto const* verb : below(app)) {
        names += (names.empty() ? "" : " ") + verb->get_name();
        cases += fmt::format("        {}) words={} ;;\n", verb->get_name(),
                             quoted(fmt::format("{}", fmt::join(words_after(*verb), " "))));
    }
    return fmt::format(R"(# sallyport completion bash >/etc/bash_completion.d/sallyport
_sallyport() {{
    local words= current=${{COMP_WORDS[COMP_CWORD]}}
    if [ "$COMP_CWORD" -eq 1 ]; then
        COMPREPLY=($(compgen -W {} -- "$current"))
        return
    fi
    case ${{COMP_WORDS[1]}} in
{}    esac
    COMPREPLY=($(compgen -W "$words" -f -- "$current"))
}}
complete -o filenames -F _sallyport sallyport
)",
                       quoted(names), cases);
}

std::string for_zsh(CLI::App const& app) {
    std::string names;
    std::string cases;
    for (auto const* verb : below(app)) {
        names += fmt::format("        {}\n", quoted(verb->get_name() + ":" + verb->get_description()));
        cases += fmt::format("        {}) compadd -- {} ;;\n", verb->get_name(), fmt::join(words_after(*verb), " "));
    }
    return fmt::format(R"(#compdef sallyport
# sallyport completion zsh >"${{fpath[1]}}/_sallyport"
_sallyport() {{
    local -a verbs=(
{}    )
    if (( CURRENT == 2 )); then
        _describe command verbs
        return
    fi
    case $words[2] in
{}    esac
    _files
}}
_sallyport "$@"
)",
                       names, cases);
}

std::string for_fish(CLI::App const& app) {
    std::string text = "# sallyport completion fish >~/.config/fish/completions/sallyport.fish\n";
    for (auto const* verb : below(app)) {
        text += fmt::format("complete -c sallyport -n __fish_use_subcommand -a {} -d {}\n", verb->get_name(),
                            quoted(verb->get_description()));
        auto const when = quoted("__fish_seen_subcommand_from " + verb->get_name());
        for (auto const* sub : below(*verb))
            text += fmt::format("complete -c sallyport -n {} -a {} -d {}\n", when, sub->get_name(),
                                quoted(sub->get_description()));
        for (auto const* option : options_of(*verb)) {
            for (auto const& name : option->get_lnames())
                text += fmt::format("complete -c sallyport -n {} -l {} -d {}\n", when, name,
                                    quoted(option->get_description()));
        }
    }
    return text;
}

}  // namespace

std::string man_page(CLI::App const& app, std::string_view version) {
    auto text = fmt::format(
        ".TH SALLYPORT 1 \"\" \"Sallyport {}\"\n.SH NAME\nsallyport \\- serves JSON model definitions as a REST API "
        "behind "
        "a two\\-step login\n.SH SYNOPSIS\n.B sallyport\nCOMMAND [OPTIONS]\n.SH DESCRIPTION\n{}\n.SH COMMANDS\n",
        version, roff(app.get_description()));
    for (auto const& verb : verbs_of(app)) text += section_of(verb);
    return text +
           ".SH EXIT STATUS\n.TP\n.B 0\nIt is done.\n.TP\n.B 1\nIt could not be done; standard error says why.\n"
           ".TP\n.B 2\nIt was called wrongly.\n";
}

std::vector<std::string> const& shells() {
    static std::vector<std::string> const names{"bash", "fish", "zsh"};
    return names;
}

std::string completion(CLI::App const& app, std::string_view shell) {
    if (shell == "bash") return for_bash(app);
    return shell == "zsh" ? for_zsh(app) : for_fish(app);
}

}  // namespace sallyport::cli
