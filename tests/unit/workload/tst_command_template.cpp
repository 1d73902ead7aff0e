// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/workload/command_template.h"

#include <QProcess>
#include <QTest>

using namespace poolscope;

using Words = std::vector<std::string>;
Q_DECLARE_METATYPE(std::vector<std::string>)

namespace {

/// \return what \p script prints for \p item, run by a real shell.
QByteArray printed(const char* script, const char* item)
{
    const auto command = CommandTemplate::parseScript(script, "sh");
    if (!command) {
        return QByteArray::fromStdString(command.error().message);
    }
    QStringList words;
    for (const std::string& word : command.value().arguments(item, 7)) {
        words << QString::fromStdString(word);
    }
    QProcess shell;
    shell.start(words.takeFirst(), words);
    shell.waitForFinished();
    return shell.readAllStandardOutput() + shell.readAllStandardError();
}

} // namespace

class CommandTemplateTest : public QObject
{
    Q_OBJECT

private slots:
    void places_data();
    void places();
    void itemIsAppendedWithoutAPlace();
    void backslashKeepsAPlace();
    void emptyOrUnreadableIsAnError_data();
    void emptyOrUnreadableIsAnError();
    void commandLineIsReadable();

    void scriptsGetItemsAsValues_data();
    void scriptsGetItemsAsValues();
    void noItemBecomesAScript_data();
    void noItemBecomesAScript();
    void placeInSingleQuotesIsRefused();
    void emptyScriptIsRefused();
};

void CommandTemplateTest::places_data()
{
    QTest::addColumn<QByteArray>("item");
    QTest::addColumn<Words>("values"); // of {} {.} {/} {//} {/.} {#}
    const auto row = [](const char* item, const Words& values) {
        QTest::newRow(item) << QByteArray(item) << values;
    };
    row("a.txt", {"a.txt", "a", "a.txt", ".", "a", "7"});
    row("photos/dog.tar.gz",
        {"photos/dog.tar.gz", "photos/dog.tar", "dog.tar.gz", "photos", "dog.tar", "7"});
    row("/a.b/c", {"/a.b/c", "/a.b/c", "c", "/a.b", "c", "7"});
    row("/root.txt", {"/root.txt", "/root", "root.txt", "/", "root", "7"});
    row("home/.profile", {"home/.profile", "home/.profile", ".profile", "home", ".profile", "7"});
    row(".x.y", {".x.y", ".x", ".x.y", ".", ".x", "7"});
    row("ends.", {"ends.", "ends", "ends.", ".", "ends", "7"});
    row("dir/", {"dir/", "dir/", "dir", ".", "dir", "7"});
    row("a//b", {"a//b", "a//b", "b", "a", "b", "7"});
    row("/", {"/", "/", "/", "/", "/", "7"});
    row("with space.x", {"with space.x", "with space", "with space.x", ".", "with space", "7"});
    row("{.}", {"{.}", "{", "{.}", ".", "{", "7"}); // an item's own braces are not looked at
    row("", {"", "", "", ".", "", "7"});
}

void CommandTemplateTest::places()
{
    QFETCH(const QByteArray, item);
    QFETCH(Words, values);
    const auto command = CommandTemplate::parse("{} {.} {/} {//} {/.} {#} x{}y{#}z");
    values.push_back("x" + item.toStdString() + "y7z");
    const Words arguments = command.value().arguments(item.toStdString(), 7);
    for (std::size_t i = 0; i < values.size(); ++i) {
        QCOMPARE(arguments[i], values[i]);
    }
    QCOMPARE(arguments.size(), values.size());
}

void CommandTemplateTest::itemIsAppendedWithoutAPlace()
{
    QVERIFY(
        (CommandTemplate::parse("wc -c").value().arguments("a b", 1) == Words{"wc", "-c", "a b"}));
    QVERIFY((CommandTemplate::parse("echo {#}").value().arguments("a", 3) == Words{"echo", "3"}));
    QVERIFY((CommandTemplate::parse("awk '{print $1}'").value().arguments("a", 3) ==
             Words{"awk", "{print $1}", "a"}));
}

void CommandTemplateTest::backslashKeepsAPlace()
{
    QVERIFY((CommandTemplate::parse("find {} -exec x '\\{}' ;").value().arguments("d", 1) ==
             Words{"find", "d", "-exec", "x", "{}", ";"}));
    QVERIFY((CommandTemplate::parse("'\\{.}' '\\x' {}").value().arguments("d", 1) ==
             Words{"{.}", "\\x", "d"}));
}

void CommandTemplateTest::emptyOrUnreadableIsAnError_data()
{
    QTest::addColumn<QByteArray>("line");
    QTest::addColumn<QByteArray>("said");
    QTest::newRow("empty") << QByteArray("") << QByteArray("empty");
    QTest::newRow("blank") << QByteArray(" \n") << QByteArray("empty");
    QTest::newRow("quote") << QByteArray("echo 'a") << QByteArray("not closed");
}

void CommandTemplateTest::emptyOrUnreadableIsAnError()
{
    QFETCH(const QByteArray, line);
    QFETCH(const QByteArray, said);
    const auto command = CommandTemplate::parse(line.toStdString());
    QVERIFY(!command);
    QVERIFY2(command.error().message.find(said.toStdString()) != std::string::npos,
             command.error().message.c_str());
}

void CommandTemplateTest::commandLineIsReadable()
{
    const auto command = CommandTemplate::parse("convert {} {.}.webp");
    QCOMPARE(command.value().commandLine("a b.png", 1),
             std::string("convert 'a b.png' 'a b.webp'"));
    const auto script = CommandTemplate::parseScript("gzip -c {} > \"{.}.gz\"", "sh");
    QCOMPARE(script.value().commandLine("a.txt", 1), std::string("gzip -c a.txt > \"a.gz\""));
}

void CommandTemplateTest::scriptsGetItemsAsValues_data()
{
    QTest::addColumn<QByteArray>("script");
    QTest::addColumn<QByteArray>("output"); // for the item "a  b.c", task 7
    const auto row = [](const char* script, const char* output) {
        QTest::newRow(script) << QByteArray(script) << QByteArray(output);
    };
    row("printf '[%s]'", "[a  b.c]");
    row("printf '[%s]' {}", "[a  b.c]");
    row("printf '[%s]' {} {.} {/} {//} {/.} {#}", "[a  b.c][a  b][a  b.c][.][a  b][7]");
    row("printf '[%s]' x{.}y", "[xa  by]");
    row("printf '[%s]' \"{.}.gz\"", "[a  b.gz]");
    row("printf '[%s]' {} | tr a-c A-C", "[A  B.C]");
    row("f() { printf '[%s]' \"$1\" {}; }; f own", "[own][a  b.c]");
    row("set -- other; printf '[%s]' {} \"$1\"", "[a  b.c][other]");
    row("printf '[%s]' '\\{}' \\{.}", "[{}][{.}][a  b.c]");
    row("# it's a comment\nprintf '[%s]' {}", "[a  b.c]");
    row("printf '[%s]' \\' {}", "['][a  b.c]");
    row("printf '[%s]' \"it's\" {}", "[it's][a  b.c]");
}

void CommandTemplateTest::scriptsGetItemsAsValues()
{
    QFETCH(const QByteArray, script);
    QTEST(printed(script.constData(), "a  b.c"), "output");
}

void CommandTemplateTest::noItemBecomesAScript_data()
{
    QTest::addColumn<QByteArray>("item");
    for (const char* item : {"$(echo evil)", "`echo evil`", "'; echo evil; '", "\"; echo evil; \"",
                             "a\necho evil", "$poolscope_1", "*", "-n", "\\"}) {
        QTest::newRow(item) << QByteArray(item);
    }
}

void CommandTemplateTest::noItemBecomesAScript()
{
    QFETCH(const QByteArray, item);
    QCOMPARE(printed("printf %s {}", item.constData()), item);
    QCOMPARE(printed("printf %s \"{}\"", item.constData()), item);
    // Quotes inside $(…) begin anew, which is not followed here; still nothing is run.
    const QByteArray nested = printed("printf %s \"$(printf %s \"{}\")\"", item.constData());
    QVERIFY2(!nested.contains("evil") || item.contains("echo evil"), nested.constData());
    QVERIFY(nested != "evil");
}

void CommandTemplateTest::placeInSingleQuotesIsRefused()
{
    const auto command = CommandTemplate::parseScript("echo 'x {} y'", "sh");
    QVERIFY(!command);
    QVERIFY(command.error().message.find("\"{}\"") != std::string::npos);
}

void CommandTemplateTest::emptyScriptIsRefused()
{
    QVERIFY(!CommandTemplate::parseScript(" \n\t", "sh"));
}

QTEST_GUILESS_MAIN(CommandTemplateTest)
#include "tst_command_template.moc"
