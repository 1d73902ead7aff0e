// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/lab/level_edit.h"

#include <QSignalSpy>
#include <QTest>

namespace poolscope {

using Levels = std::vector<int>;

class TestLevelEdit : public QObject
{
    Q_OBJECT

private slots:
    void readsLists_data();
    void readsLists();
    void saysWhatIsWrong_data();
    void saysWhatIsWrong();
    void keepsWhatWasTypedAndComesBackToTheDefault();
};

void TestLevelEdit::readsLists_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("levels");
    QTest::newRow("commas") << "1,2,4"
                            << "1, 2, 4";
    QTest::newRow("spaces") << " 1 2   4 "
                            << "1, 2, 4";
    QTest::newRow("unordered, twice") << "4, 1; 2, 4"
                                      << "1, 2, 4";
    QTest::newRow("largest") << "1, 64"
                             << "1, 64";
}

void TestLevelEdit::readsLists()
{
    QFETCH(const QString, text);
    QFETCH(const QString, levels);
    LevelEdit edit(64);
    edit.setText(text);
    QCOMPARE(levelsText(edit.levels()), levels);
    QVERIFY(edit.problem().isEmpty());
}

void TestLevelEdit::saysWhatIsWrong_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("said");
    QTest::newRow("word") << "1, two"
                          << "whole numbers";
    QTest::newRow("zero") << "0, 1"
                          << "from 1 to 64";
    QTest::newRow("too large") << "1, 65"
                               << "from 1 to 64";
    QTest::newRow("one") << "3"
                         << "two different";
    QTest::newRow("half") << "1, 1.5"
                          << "whole numbers";
    QTest::newRow("nothing") << ""
                             << "whole numbers";
}

void TestLevelEdit::saysWhatIsWrong()
{
    QFETCH(const QString, text);
    QFETCH(const QString, said);
    LevelEdit edit(64);
    edit.setText(text);
    QVERIFY2(edit.problem().contains(said), qPrintable(edit.problem()));
}

void TestLevelEdit::keepsWhatWasTypedAndComesBackToTheDefault()
{
    LevelEdit edit(64);
    const QSignalSpy changes(&edit, &LevelEdit::levelsChanged);
    edit.setDefault({1, 2});
    QCOMPARE(edit.levels(), (Levels{1, 2}));
    QCOMPARE(changes.size(), 1);
    edit.setDefault({1, 2, 3});
    QCOMPARE(edit.levels(), (Levels{1, 2, 3}));
    edit.selectAll();
    QTest::keyClicks(&edit, QStringLiteral("2 5"));
    edit.setDefault({1, 2});
    QCOMPARE(edit.levels(), (Levels{2, 5}));
    edit.selectAll();
    QTest::keyClick(&edit, Qt::Key_Delete);
    QTest::keyClick(&edit, Qt::Key_Return);
    QCOMPARE(edit.levels(), (Levels{1, 2}));
}

} // namespace poolscope

QTEST_MAIN(poolscope::TestLevelEdit)
#include "tst_level_edit.moc"
