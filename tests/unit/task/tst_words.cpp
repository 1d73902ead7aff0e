// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/task/words.h"

#include <QProcess>
#include <QTest>

using namespace poolscope;

Q_DECLARE_METATYPE(std::vector<std::string>)

using Words = std::vector<std::string>;

class WordsTest : public QObject
{
    Q_OBJECT

private slots:
    void splitsAsAShellDoes_data();
    void splitsAsAShellDoes();
    void unfinishedQuotesAreErrors_data();
    void unfinishedQuotesAreErrors();
    void joinedWordsComeBack_data();
    void joinedWordsComeBack();
    void plainWordsStayReadable();
};

void WordsTest::splitsAsAShellDoes_data()
{
    QTest::addColumn<QByteArray>("line");
    QTest::addColumn<Words>("words");
    const auto row = [](const char* line, const Words& words) {
        QTest::newRow(line) << QByteArray(line) << words;
    };
    row("", {});
    row(" \t\n ", {});
    row("convert {} {.}.webp", {"convert", "{}", "{.}.webp"});
    row("  a\tb\nc  ", {"a", "b", "c"});
    row("'a b' c", {"a b", "c"});
    row("\"a b\"", {"a b"});
    row("a'b c'd", {"ab cd"});
    row("'' \"\"", {"", ""});
    row("'\\n \"'", {"\\n \""});
    row("\"\\\"\\\\\\$\\`\"", {"\"\\$`"});
    row("\"\\n\"", {"\\n"});
    row("a\\ b\\'", {"a b'"});
    row("a\\\nb", {"ab"});
    row("'it'\\''s'", {"it's"});
    row("a#b *.png", {"a#b", "*.png"});
}

void WordsTest::splitsAsAShellDoes()
{
    QFETCH(const QByteArray, line);
    QFETCH(const Words, words);
    const Result<Words> split = splitWords(line.toStdString());
    QVERIFY2(split, split ? "" : split.error().message.c_str());
    QVERIFY(split.value() == words);
}

void WordsTest::unfinishedQuotesAreErrors_data()
{
    QTest::addColumn<QByteArray>("line");
    QTest::addColumn<QByteArray>("said");
    QTest::newRow("single") << QByteArray("ab 'c d") << QByteArray("' at character 4");
    QTest::newRow("double") << QByteArray("\"c d") << QByteArray("\" at character 1");
    QTest::newRow("escaped end") << QByteArray("\"c \\\"") << QByteArray("\" at character 1");
    QTest::newRow("backslash") << QByteArray("a \\") << QByteArray("backslash");
}

void WordsTest::unfinishedQuotesAreErrors()
{
    QFETCH(const QByteArray, line);
    QFETCH(const QByteArray, said);
    const Result<Words> split = splitWords(line.toStdString());
    QVERIFY(!split);
    QVERIFY2(split.error().message.find(said.toStdString()) != std::string::npos,
             split.error().message.c_str());
}

void WordsTest::joinedWordsComeBack_data()
{
    QTest::addColumn<Words>("words");
    std::string all;
    for (char byte = 1; byte < 127; ++byte) {
        all += byte;
    }
    QTest::newRow("none") << Words{};
    QTest::newRow("empty") << Words{"", ""};
    QTest::newRow("quotes") << Words{"'", "\"", "it's \"it\"", "\\"};
    QTest::newRow("every character") << Words{all};
    QTest::newRow("lines") << Words{"a\nb", "\n"};
    QTest::newRow("UTF-8") << Words{"Größe", "日本"};
    QTest::newRow("looks like more") << Words{"$HOME", "`ls`", "~", "*", "#x", "a;b", "!x"};
}

void WordsTest::joinedWordsComeBack()
{
    QFETCH(const Words, words);
    const std::string line = joinWords(words);
    const Result<Words> split = splitWords(line);
    QVERIFY2(split, line.c_str());
    QVERIFY2(split.value() == words, line.c_str());

    // And a shell agrees.
    QProcess shell;
    shell.start("sh", {"-c", QString::fromStdString("printf '%s\\0' " + line)});
    QVERIFY(shell.waitForFinished());
    QByteArray expected;
    for (const std::string& word : words) {
        expected += QByteArray::fromStdString(word) + '\0';
    }
    QCOMPARE(shell.readAllStandardOutput(), words.empty() ? QByteArray(1, '\0') : expected);
}

void WordsTest::plainWordsStayReadable()
{
    QCOMPARE(joinWords({"convert", "{}", "-resize", "50%", "{.}.webp", "a b"}),
             std::string("convert {} -resize 50% {.}.webp 'a b'"));
}

QTEST_GUILESS_MAIN(WordsTest)
#include "tst_words.moc"
