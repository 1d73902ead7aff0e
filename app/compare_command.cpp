// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/command_line_text.h"
#include "app/commands.h"
#include "app/compare_report.h"
#include "app/shelf_report.h"
#include "core/analysis/run_delta.h"
#include "core/io/file_format.h"

#include <QCommandLineParser>
#include <QFile>
#include <QFileInfo>

#include <algorithm>
#include <memory>
#include <utility>

namespace poolscope {

namespace {

const auto kVersus = QStringLiteral("vs");

/// One run that was named.
struct NamedRun
{
    QString title;
    QString name; ///< on the shelf; empty: none
    SnapshotPtr run;
};

/// Finds runs by what they are called on the command line; opens the shelf only when one is there.
class RunFinder
{
public:
    Result<NamedRun> find(const QString& word)
    {
        return QFileInfo(word).isFile() ? readFile(word) : readShelf(word);
    }

private:
    static Result<NamedRun> readFile(const QString& path)
    {
        const auto run = readRunFile(QFile::encodeName(path).toStdString());
        if (!run) {
            return run.error();
        }
        return NamedRun{QFileInfo(path).fileName(), {}, run.value()};
    }

    Result<NamedRun> readShelf(const QString& word)
    {
        if (!m_shelf) {
            auto shelf = openShelf();
            if (!shelf) {
                return shelf.error();
            }
            m_shelf = std::move(shelf).value();
        }
        const auto entry = findEntry(word);
        if (!entry) {
            return entry.error();
        }
        const auto run = m_shelf->read(entry.value().id);
        if (!run) {
            return run.error();
        }
        const QString number = CommandLine::tr("run %1").arg(entry.value().id);
        const QString& name = entry.value().name;
        return NamedRun{name.isEmpty() ? number : QStringLiteral("%1 (%2)").arg(name, number), name,
                        run.value()};
    }

    /// By number, else by name.
    Result<ShelfEntry> findEntry(const QString& word)
    {
        bool isNumber = false;
        const qint64 id = word.toLongLong(&isNumber);
        if (isNumber) {
            return m_shelf->entry(id);
        }
        auto entries = m_shelf->entries();
        if (!entries) {
            return entries.error();
        }
        QStringList numbers;
        ShelfEntry found;
        for (ShelfEntry& entry : entries.value()) {
            if (entry.name == word) {
                numbers << QString::number(entry.id);
                found = std::move(entry);
            }
        }
        if (numbers.size() > 1) {
            return Error{
                CommandLine::tr("Several runs on the shelf are called '%1': give one of the "
                                "numbers %2.")
                    .arg(word, numbers.join(QStringLiteral(", ")))
                    .toStdString()};
        }
        if (numbers.isEmpty()) {
            return Error{
                CommandLine::tr("'%1' is neither a run file nor the number or name of a run "
                                "on the shelf; 'poolscope shelf' lists those.")
                    .arg(word)
                    .toStdString()};
        }
        return found;
    }

    std::unique_ptr<RunShelf> m_shelf;
};

/// The first one's title, and how many there are.
ComparedRuns sideOf(const std::vector<NamedRun>& named, const std::vector<std::size_t>& indices)
{
    ComparedRuns side;
    for (const std::size_t index : indices) {
        side.runs.push_back(named[index].run);
    }
    const NamedRun& first = named[indices.front()];
    side.title = indices.size() == 1 ? first.title
                                     : CommandLine::tr("%1, %2 runs")
                                           .arg(first.name.isEmpty() ? first.title : first.name)
                                           .arg(indices.size());
    return side;
}

std::vector<ComparedRuns> sidesOf(const std::vector<NamedRun>& named)
{
    std::vector<SnapshotPtr> runs;
    std::vector<std::string> names;
    for (const NamedRun& each : named) {
        runs.push_back(each.run);
        names.push_back(each.name.toStdString());
    }
    std::vector<ComparedRuns> sides;
    for (const std::vector<std::size_t>& group : groupRuns(runs, names)) {
        sides.push_back(sideOf(named, group));
    }
    return sides;
}

/// What stands between "vs" and "vs" is a side; without one runs of the same settings and name are.
Result<std::vector<ComparedRuns>> findSides(const QStringList& words)
{
    RunFinder finder;
    std::vector<NamedRun> named;
    std::vector<std::vector<std::size_t>> groups(1);
    for (const QString& word : words) {
        if (word == kVersus) {
            groups.emplace_back();
            continue;
        }
        Result<NamedRun> run = finder.find(word);
        if (!run) {
            return run.error();
        }
        groups.back().push_back(named.size());
        named.push_back(std::move(run).value());
    }
    if (groups.size() == 1) {
        return sidesOf(named);
    }
    std::vector<ComparedRuns> sides;
    for (const std::vector<std::size_t>& group : groups) {
        sides.push_back(sideOf(named, group));
    }
    return sides;
}

bool areSides(const QStringList& words)
{
    if (words.size() < 2 || !words.contains(kVersus)) {
        return words.size() >= 2;
    }
    for (qsizetype i = 0; i < words.size(); ++i) {
        const bool isLone = i == 0 || i + 1 == words.size() || words[i + 1] == kVersus;
        if (words[i] == kVersus && isLone) {
            return false;
        }
    }
    return true;
}

QString description()
{
    return CommandLine::tr(
        "Says what differs between runs, each beside the first, and whether it is more than "
        "noise.\n\n"
        "A run is a run file, or the number or name of one on the shelf. Several runs of the same\n"
        "settings and name are one side; 'vs' parts the sides otherwise:\n"
        "  poolscope compare before after\n"
        "  poolscope compare 1 2 3 vs 4 5 6\n"
        "Of single runs the tasks' durations say what is noise, of several how whole runs vary.");
}

} // namespace

int compareCommand(int& argc, char** argv, const QStringList& words)
{
    const QCoreApplication application(argc, argv);
    QCommandLineParser parser;
    const QCommandLineOption json{"json",
                                  CommandLine::tr("Prints one JSON object instead of text.")};
    const QCommandLineOption help{{"h", "help"}, CommandLine::tr("Prints this text.")};
    parser.setApplicationDescription(description());
    parser.addPositionalArgument("run…", CommandLine::tr("The runs to compare."));
    parser.addOptions({json, help});
    if (!parser.parse(QStringList{QStringLiteral("poolscope compare")} + words)) {
        return reportError(parser.errorText(), WrongUsage);
    }
    if (parser.isSet(help)) {
        print(helpOf(parser, QStringLiteral("poolscope compare")).toLocal8Bit());
        return AllDone;
    }
    if (!areSides(parser.positionalArguments())) {
        return reportError(
            CommandLine::tr(
                "compare needs two runs or more, as in 'poolscope compare before.pscope "
                "after.pscope'."),
            WrongUsage);
    }
    const auto sides = findSides(parser.positionalArguments());
    if (!sides) {
        return reportError(QString::fromStdString(sides.error().message), SomeNotDone);
    }
    print(parser.isSet(json) ? compareJson(sides.value())
                             : compareText(sides.value()).toLocal8Bit() + '\n');
    return AllDone;
}

} // namespace poolscope
