// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/command_line_text.h"
#include "app/commands.h"
#include "app/exporter.h"
#include "app/headless_application.h"
#include "app/option_values.h"
#include "app/shelf_report.h"

#include <QCommandLineParser>
#include <QJsonArray>
#include <QJsonDocument>

#include <algorithm>
#include <cstdio>
#include <map>

namespace poolscope {

namespace {

/// What follows `poolscope shelf`.
struct ShelfWords
{
    QString action;
    QStringList rest; ///< without the action
    bool isJson = false;

    [[nodiscard]] QString text() const { return rest.mid(1).join(QLatin1Char(' ')); }
};

Result<qint64> idOf(const QString& word)
{
    bool isNumber = false;
    const qint64 id = word.toLongLong(&isNumber);
    if (!isNumber) {
        return usageError(
            CommandLine::tr("'%1' is not the number of a run; 'poolscope shelf list' has them.")
                .arg(word));
    }
    return id;
}

Result<void> list(RunShelf& shelf, const ShelfWords& words)
{
    const auto entries = shelf.entries(words.rest.join(QLatin1Char(' ')));
    if (!entries) {
        return entries.error();
    }
    if (words.isJson) {
        QJsonArray array;
        for (const ShelfEntry& entry : entries.value()) {
            array.append(shelfObject(entry, shelf.runFile(entry)));
        }
        print(QJsonDocument(array).toJson());
    } else if (entries.value().empty()) {
        print(CommandLine::tr("No run on the shelf matches; 'poolscope run --keep' keeps one.\n")
                  .toLocal8Bit());
    } else {
        print(shelfTable(entries.value()).toLocal8Bit() + '\n');
    }
    return {};
}

Result<void> show(RunShelf& shelf, qint64 id, const ShelfWords& words)
{
    const auto entry = shelf.entry(id);
    if (!entry) {
        return entry.error();
    }
    const QString file = shelf.runFile(entry.value());
    print(words.isJson ? QJsonDocument(shelfObject(entry.value(), file)).toJson()
                       : shelfText(entry.value(), file).toLocal8Bit() + '\n');
    return {};
}

Result<void> writeFiles(RunShelf& shelf, qint64 id, const ShelfWords& words)
{
    const auto run = shelf.read(id);
    if (!run) {
        return run.error();
    }
    const auto errors = exportToAll(*run.value(), words.rest.mid(1));
    return errors.empty() ? Result<void>{} : errors.front();
}

/// One at a time, so that a wrong number spares the others.
Result<void> removeAll(RunShelf& shelf, const ShelfWords& words)
{
    for (const QString& word : words.rest) {
        const auto id = idOf(word);
        const auto removed = id ? shelf.remove(id.value()) : Result<void>(id.error());
        auto purged = removed ? shelf.purge({id.value()}) : removed;
        if (!purged) {
            return purged;
        }
    }
    return {};
}

Result<void> limit(RunShelf& shelf, const ShelfWords& words)
{
    constexpr qint64 kMebi = qint64{1} << 20;
    if (!words.rest.isEmpty()) {
        const auto wanted =
            parseNumber(QStringLiteral("limit"), words.rest.first(), 0, INT64_MAX / kMebi);
        return wanted ? shelf.setLimitBytes(wanted.value() * kMebi) : wanted.error();
    }
    const auto bytes = shelf.limitBytes();
    if (bytes) {
        print(CommandLine::tr("Run files may take %1 MiB.\n")
                  .arg(bytes.value() / kMebi)
                  .toLocal8Bit());
    }
    return bytes ? Result<void>{} : bytes.error();
}

Result<void> actOnOne(RunShelf& shelf, const ShelfWords& words)
{
    const auto id = idOf(words.rest.first());
    if (!id) {
        return id.error();
    }
    if (words.action == QLatin1String("show")) {
        return show(shelf, id.value(), words);
    }
    if (words.action == QLatin1String("rename")) {
        return shelf.rename(id.value(), words.text());
    }
    if (words.action == QLatin1String("note")) {
        return shelf.setNotes(id.value(), words.text());
    }
    if (words.action == QLatin1String("tag")) {
        return shelf.setTags(id.value(), words.rest.mid(1));
    }
    return writeFiles(shelf, id.value(), words);
}

Result<void> act(RunShelf& shelf, const ShelfWords& words)
{
    if (words.action == QLatin1String("list")) {
        return list(shelf, words);
    }
    if (words.action == QLatin1String("limit")) {
        return limit(shelf, words);
    }
    return words.action == QLatin1String("delete") ? removeAll(shelf, words)
                                                   : actOnOne(shelf, words);
}

/// The actions, and how many words each needs at least.
const std::map<QString, qsizetype>& actions()
{
    static const std::map<QString, qsizetype> known{
        {QStringLiteral("list"), 0},   {QStringLiteral("show"), 1}, {QStringLiteral("rename"), 1},
        {QStringLiteral("note"), 1},   {QStringLiteral("tag"), 1},  {QStringLiteral("delete"), 1},
        {QStringLiteral("export"), 2}, {QStringLiteral("limit"), 0}};
    return known;
}

QString description()
{
    return CommandLine::tr(
        "The shelf of kept runs ('poolscope run --keep' or '--keep-as NAME' puts one there).\n\n"
        "  list [WORD…]        those in whose name, notes, tags or workload all words occur\n"
        "  show ID             what is known of one\n"
        "  rename ID [NAME]    gives it a name, or none\n"
        "  note ID [TEXT]      sets its notes\n"
        "  tag ID [TAG…]       sets its tags; a run with tags keeps its run file for good\n"
        "  export ID FILE…     writes it, by suffix: .png .svg .pdf .json .csv .pscope\n"
        "  delete ID…          deletes it, run file and all\n"
        "  limit [MIB]         how much room run files may take; beyond, the oldest without tags "
        "are let go, their figures stay");
}

} // namespace

int shelfCommand(int& argc, char** argv, const QStringList& words)
{
    QCommandLineParser parser;
    const QCommandLineOption json{"json", CommandLine::tr("list, show: prints JSON.")};
    const QCommandLineOption help{{"h", "help"}, CommandLine::tr("Prints this text.")};
    parser.setApplicationDescription(description());
    parser.addOptions({json, help});
    if (!parser.parse(QStringList{QStringLiteral("poolscope shelf")} + words)) {
        return reportError(parser.errorText(), WrongUsage);
    }
    ShelfWords wanted{QStringLiteral("list"), parser.positionalArguments(), parser.isSet(json)};
    if (!wanted.rest.isEmpty()) {
        wanted.action = wanted.rest.takeFirst();
    }
    const auto application = makeHeadlessApplication(
        argc, argv, std::any_of(wanted.rest.begin(), wanted.rest.end(), isPicture));
    if (parser.isSet(help)) {
        print(helpOf(parser, QStringLiteral("poolscope shelf")).toLocal8Bit());
        return AllDone;
    }
    const auto action = actions().find(wanted.action);
    if (action == actions().end() || wanted.rest.size() < action->second) {
        return reportError(
            CommandLine::tr("'shelf %1' is not understood; 'poolscope shelf --help' has a list.")
                .arg((QStringList{wanted.action} + wanted.rest).join(QLatin1Char(' '))),
            WrongUsage);
    }
    const auto shelf = openShelf();
    const Result<void> done = shelf ? act(*shelf.value(), wanted) : Result<void>(shelf.error());
    return done ? AllDone : reportError(QString::fromStdString(done.error().message), SomeNotDone);
}

} // namespace poolscope
