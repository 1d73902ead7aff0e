// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/integration/cli/cli_case.h"

#include <QDir>
#include <QFile>
#include <QImage>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTest>

/// The shelf by the command line, in a folder of each test's own.
class TestShelfCommand : public poolscope::test::CliCase
{
    Q_OBJECT

private slots:
    void init();
    void runsAreKeptOnlyWhenAsked();
    void keptRunsAreListedNotedAndFound();
    void keptRunsAreExported();
    void deletedRunsAreGone();
    void wrongWordsAreUsageErrors_data();
    void wrongWordsAreUsageErrors();
    void unusableShelfIsSaidAndTheRunIsReported();

private:
    Ended run(const QStringList& more) const;
    QJsonArray list(const QStringList& words = {}) const;
};

void TestShelfCommand::init()
{
    makeFolder();
    qputenv("POOLSCOPE_SHELF", QFile::encodeName(path("shelf")));
}

TestShelfCommand::Ended TestShelfCommand::run(const QStringList& more) const
{
    return call(QStringList{"run", "-w", "square", "-n", "50", "-e", "threads"} + more);
}

QJsonArray TestShelfCommand::list(const QStringList& words) const
{
    return QJsonDocument::fromJson(call(QStringList{"shelf", "list", "--json"} + words).out)
        .array();
}

void TestShelfCommand::runsAreKeptOnlyWhenAsked()
{
    QCOMPARE(run({}).status, 0);
    QVERIFY(!QDir(path("shelf")).exists());
    const Ended kept = run({"--keep"});
    QVERIFY2(kept.status == 0 && kept.err.contains("run 1"), kept.err.constData());
    QCOMPARE(list().size(), 1);
}

void TestShelfCommand::keptRunsAreListedNotedAndFound()
{
    QCOMPARE(run({"--keep-as", "before it"}).status, 0);
    QCOMPARE(run({"--keep"}).status, 0);
    for (const QStringList& words :
         {QStringList{"rename", "2", "after", "it"}, QStringList{"note", "2", "with the cache"},
          QStringList{"tag", "1", "paper", "old"}}) {
        const Ended ended = call(QStringList{"shelf"} + words);
        QVERIFY2(ended.status == 0, ended.err.constData());
    }
    const QJsonArray all = list();
    QCOMPARE(all.size(), 2);
    QCOMPARE(all[0].toObject()["name"].toString(), QStringLiteral("after it"));
    QCOMPARE(all[1].toObject()["tags"].toArray(), (QJsonArray{"old", "paper"}));
    QCOMPARE(all[0].toObject()["runs"].toArray()[0].toObject()["done"].toInt(), 50);
    QCOMPARE(list({"cache"}).size(), 1);
    QCOMPARE(list({"it", "square"}).size(), 2);
    QCOMPARE(list({"nothing"}).size(), 0);
    const Ended shown = call({"shelf", "show", "2"});
    QVERIFY2(shown.out.contains("with the cache") && shown.out.contains("after it"),
             shown.out.constData());
    QVERIFY(call({"shelf"}).out.contains("before it"));
}

void TestShelfCommand::keptRunsAreExported()
{
    QCOMPARE(run({"--keep", "--export", "direct.csv"}).status, 0);
    const Ended ended = call({"shelf", "export", "1", "shelf.csv", "shelf.png"});
    QVERIFY2(ended.status == 0, ended.err.constData());
    QCOMPARE(readCsv("shelf.csv"), readCsv("direct.csv"));
    QVERIFY(!QImage(path("shelf.png")).isNull());
}

void TestShelfCommand::deletedRunsAreGone()
{
    QCOMPARE(run({"--keep"}).status, 0);
    QCOMPARE(call({"shelf", "limit", "10"}).status, 0);
    QVERIFY(call({"shelf", "limit"}).out.contains("10 MiB"));
    QCOMPARE(call({"shelf", "delete", "1"}).status, 0);
    QCOMPARE(list().size(), 0);
    QCOMPARE(QDir(path("shelf/runs")).entryList(QDir::Files), QStringList());
    QCOMPARE(call({"shelf", "show", "1"}).status, 1);
}

void TestShelfCommand::wrongWordsAreUsageErrors_data()
{
    QTest::addColumn<QStringList>("words");
    QTest::newRow("unknown") << QStringList{"shelf", "burn"};
    QTest::newRow("no id") << QStringList{"shelf", "show"};
    QTest::newRow("no file") << QStringList{"shelf", "export", "1"};
    QTest::newRow("option") << QStringList{"shelf", "--jsun"};
}

void TestShelfCommand::wrongWordsAreUsageErrors()
{
    QFETCH(QStringList, words);
    const Ended ended = call(words);
    QCOMPARE(ended.status, 2);
    QVERIFY(!ended.err.isEmpty());
    QVERIFY(!QDir(path("shelf")).exists());
}

void TestShelfCommand::unusableShelfIsSaidAndTheRunIsReported()
{
    writeFile("shelf", "a file in place of the folder");
    const Ended ended = run({"--keep", "--json"});
    QCOMPARE(ended.status, 1);
    QVERIFY2(ended.err.contains("cannot be made"), ended.err.constData());
    const QJsonObject report = QJsonDocument::fromJson(ended.out).object();
    QCOMPARE(report["runs"].toArray()[0].toObject()["done"].toInt(), 50);
}

QTEST_GUILESS_MAIN(TestShelfCommand)
#include "tst_shelf_command.moc"
