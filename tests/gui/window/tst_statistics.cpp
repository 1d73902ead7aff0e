// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/gui/window/panel_parts.h"
#include "tests/support/synthetic_trace.h"
#include "ui/panels/message_bar.h"
#include "ui/panels/selection_panel.h"

#include <QAbstractItemModelTester>
#include <QClipboard>
#include <QGuiApplication>
#include <QSignalSpy>
#include <QTest>
#include <QToolButton>

namespace poolscope {

class TestStatistics : public QObject
{
    Q_OBJECT

private slots:
    void summaryModelIsAProperModel();
    void statisticsShowTheWholeRunAndThenTheSelection();
    void costsHaveColumnsWhenSomeWereMeasured();
    void statisticsCanBeCopied();
    void messageBarShowsAndCloses();
};

void TestStatistics::summaryModelIsAProperModel()
{
    SummaryModel model;
    const QAbstractItemModelTester tester(&model,
                                          QAbstractItemModelTester::FailureReportingMode::QtTest);
    RunSummary summary;
    summary.tasks = 1'234;
    summary.run.p99Ns = 5'000'000;
    model.setRows({{QStringLiteral("A"), Qt::red, summary}, {QStringLiteral("B"), Qt::blue, {}}});
    QCOMPARE(model.rowCount(), 2);
    const QSignalSpy changed(&model, &QAbstractItemModel::dataChanged);
    const QSignalSpy reset(&model, &QAbstractItemModel::modelReset);
    summary.tasks = 1'235;
    model.setRows({{QStringLiteral("A"), Qt::red, summary}, {QStringLiteral("B"), Qt::blue, {}}});
    QCOMPARE(changed.size(), 1);
    QCOMPARE(reset.size(), 0);
    QCOMPARE(model.data(model.index(0, 1), Qt::DisplayRole).toString(), QLocale().toString(1'235));
    const auto align = model.data(model.index(0, 1), Qt::TextAlignmentRole).value<Qt::Alignment>();
    QVERIFY(align.testFlag(Qt::AlignRight));
    model.setRows({});
    QCOMPARE(model.rowCount(), 0);
}

void TestStatistics::statisticsShowTheWholeRunAndThenTheSelection()
{
    ViewState state;
    SelectionPanel panel(state);
    panel.show();
    QCOMPARE(panel.model().rowCount(), 0);
    state.setSnapshot(test::makeSyntheticTrace({.lanes = 2, .tasks = 3'000, .executors = 2}));
    QTRY_COMPARE(panel.model().rowCount(), 2);
    const auto tasks = [&panel] {
        return panel.model().data(panel.model().index(1, 1), Qt::DisplayRole).toString();
    };
    QCOMPARE(tasks(), QLocale().toString(3'000));
    const QString whole = panel.scopeText();
    const Nanos end = state.bounds().endNs;
    state.setSelection(TimeRange{end / 4, end / 2});
    QTRY_VERIFY(tasks() != QLocale().toString(3'000));
    QVERIFY(panel.scopeText() != whole);
    const RunSummary expected = summariseRange(*state.snapshot(), 1, *state.selection());
    QTRY_COMPARE(tasks(), QLocale().toString(qulonglong{expected.tasks}));
    child<QToolButton>(panel, QStringLiteral("Clear selection"))->click();
    QVERIFY(!state.selection());
    QTRY_COMPARE(tasks(), QLocale().toString(3'000));
    QCOMPARE(panel.scopeText(), whole);
    state.setSnapshot(nullptr);
    QTRY_COMPARE(panel.model().rowCount(), 0);
}

void TestStatistics::costsHaveColumnsWhenSomeWereMeasured()
{
    SummaryModel model;
    const QAbstractItemModelTester tester(&model,
                                          QAbstractItemModelTester::FailureReportingMode::QtTest);
    RunSummary measured;
    measured.costs.attempts = 4;
    measured.costs.runNs = measured.costs.queuedRunNs = 200;
    measured.costs.cpuNs = 100;
    measured.costs.runQueueNs = 60;
    measured.costs.blockedNs = 40;
    measured.costs.voluntarySwitches = 6;
    model.setRows({{QStringLiteral("A"), Qt::red, {}}, {QStringLiteral("B"), Qt::blue, {}}});
    const int columns = model.columnCount();
    model.setRows({{QStringLiteral("A"), Qt::red, measured}, {QStringLiteral("B"), Qt::blue, {}}});
    QCOMPARE(model.columnCount(), columns + 4);
    const auto rowText = [&](int row) {
        QStringList cells;
        for (int column = columns; column < model.columnCount(); ++column) {
            cells += model.data(model.index(row, column), Qt::DisplayRole).toString();
        }
        return cells.join(u'|');
    };
    QCOMPARE(rowText(0), QStringLiteral("50 %|30 %|20 %|%1").arg(QLocale().toString(1.5)));
    QCOMPARE(rowText(1), QStringLiteral("–|–|–|–"));
    model.setRows({{QStringLiteral("A"), Qt::red, {}}, {QStringLiteral("B"), Qt::blue, {}}});
    QCOMPARE(model.columnCount(), columns);
}

void TestStatistics::statisticsCanBeCopied()
{
    ViewState state;
    SelectionPanel panel(state);
    panel.show();
    state.setSnapshot(test::makeSyntheticTrace({.lanes = 1, .tasks = 50}));
    QTRY_COMPARE(panel.model().rowCount(), 1);
    panel.copyTable();
    const QStringList lines = QGuiApplication::clipboard()->text().split(u'\n', Qt::SkipEmptyParts);
    QCOMPARE(lines.size(), 2);
    QCOMPARE(lines[0].count(u'\t'), lines[1].count(u'\t'));
    QVERIFY(lines[1].contains(QStringLiteral("\t50\t")));
}

void TestStatistics::messageBarShowsAndCloses()
{
    MessageBar bar;
    QVERIFY(bar.isHidden());
    bar.showMessage(MessageBar::Kind::Error, QStringLiteral("It went wrong"));
    QVERIFY(bar.isVisible());
    QCOMPARE(bar.text(), QStringLiteral("It went wrong"));
    child<QToolButton>(bar, QStringLiteral("Close message"))->click();
    QVERIFY(bar.isHidden());
}

} // namespace poolscope

QTEST_MAIN(poolscope::TestStatistics)
#include "tst_statistics.moc"
