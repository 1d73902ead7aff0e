// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/gui/window/panel_parts.h"
#include "tests/support/synthetic_trace.h"
#include "ui/common/format.h"
#include "ui/panels/histogram_view.h"
#include "ui/panels/range_panel.h"

#include <QClipboard>
#include <QGuiApplication>
#include <QLineEdit>
#include <QSignalSpy>
#include <QTableWidget>
#include <QTest>
#include <QToolButton>

namespace poolscope {

namespace {

struct Shown
{
    ViewState state;
    RangePanel panel{state};
    QLineEdit* from = child<QLineEdit>(panel, QStringLiteral("Range from"));
    QLineEdit* to = child<QLineEdit>(panel, QStringLiteral("Range to"));
    QTableWidget* figures = child<QTableWidget>(panel, QStringLiteral("Figures of the range"));
    QTableWidget* lanes = child<QTableWidget>(panel, QStringLiteral("Busy share of each lane"));

    explicit Shown(const SnapshotPtr& trace)
    {
        panel.resize(940, 240);
        panel.show();
        state.setSnapshot(trace);
    }
    void type(QLineEdit* edit, const QString& text) const
    {
        edit->setFocus();
        edit->selectAll();
        QTest::keyClick(edit, Qt::Key_Backspace);
        QTest::keyClicks(edit, text);
    }
    [[nodiscard]] QString cell(int row, int column) const
    {
        const QTableWidgetItem* item = figures->item(row, column);
        return item != nullptr ? item->text() : QString();
    }
};

} // namespace

class TestRangePanel : public QObject
{
    Q_OBJECT

private slots:
    void exactTimesAreReadBack_data();
    void exactTimesAreReadBack();
    void wholeRunIsShownFirst();
    void typedRangeIsSelected();
    void oneEndIsEnough();
    void wrongRangeIsToldAndSelectsNothing();
    void selectionOfTheTimelineFillsTheFields();
    void figuresAreCopiedAsTable();
    void histogramTellsWhatIsUnderTheMouse();
    void histogramPaintsItsBars();
    void runThatGoesOnIsFollowed();

private:
    SnapshotPtr m_trace = test::makeSyntheticTrace({.lanes = 3, .tasks = 6'000, .executors = 2});
};

void TestRangePanel::exactTimesAreReadBack_data()
{
    QTest::addColumn<qint64>("nanos");
    QTest::addColumn<QString>("text");
    QTest::newRow("zero") << qint64{0} << QStringLiteral("0 ms");
    QTest::newRow("nanoseconds") << qint64{999} << QStringLiteral("999 ns");
    QTest::newRow("microseconds") << qint64{1'500} << QStringLiteral("1.5 µs");
    QTest::newRow("milliseconds") << qint64{12'500'000} << QStringLiteral("12.5 ms");
    QTest::newRow("all digits") << qint64{1'000'000'001} << QStringLiteral("1.000000001 s");
    QTest::newRow("whole") << qint64{61'000'000'000} << QStringLiteral("61 s");
}

void TestRangePanel::exactTimesAreReadBack()
{
    QFETCH(qint64, nanos);
    QFETCH(QString, text);
    QCOMPARE(exactTime(nanos), text);
    QCOMPARE(parseDuration(text.toStdString()), std::optional(nanos));
}

void TestRangePanel::wholeRunIsShownFirst()
{
    Shown shown(nullptr);
    QVERIFY(!shown.figures->isVisible());
    shown.state.setSnapshot(m_trace);
    QTRY_COMPARE(shown.figures->rowCount(), 6);
    QVERIFY(shown.figures->isVisible());
    for (const int executor : {0, 1}) {
        const RangeFigures expected = rangeFigures(*m_trace, executor, std::nullopt);
        const int row = 3 * executor;
        QVERIFY(shown.cell(row, 1).startsWith(
            QStringLiteral("%1 tasks").arg(QLocale().toString(6'000))));
        QCOMPARE(shown.cell(row + 1, 0), QStringLiteral("Run time"));
        QCOMPARE(shown.cell(row + 1, 1), QLocale().toString(qulonglong{expected.attempts}));
        QCOMPARE(shown.cell(row + 1, 2), formatDuration(expected.runSumNs));
        QCOMPARE(shown.cell(row + 1, 5), formatDuration(expected.summary.run.p95Ns));
        QCOMPARE(shown.cell(row + 2, 7), formatDuration(expected.summary.wait.maxNs));
    }
    QCOMPARE(shown.lanes->rowCount(), 6);
    QCOMPARE(shown.lanes->item(4, 0)->text(), QStringLiteral("Process 1"));
    QCOMPARE(shown.from->text(), QString());
    QCOMPARE(shown.to->placeholderText(), exactTime(m_trace->nowNs));
}

void TestRangePanel::typedRangeIsSelected()
{
    Shown shown(m_trace);
    QTRY_COMPARE(shown.figures->rowCount(), 6);
    const Nanos beginNs = m_trace->nowNs / 4;
    shown.type(shown.from, exactTime(beginNs));
    shown.type(shown.to, exactTime(beginNs + 5'000'001));
    QTest::keyClick(shown.to, Qt::Key_Return);
    const TimeRange range{beginNs, beginNs + 5'000'001};
    QCOMPARE(shown.state.selection(), std::optional(range));
    QVERIFY(shown.panel.problemText().isEmpty());
    const RangeFigures expected = rangeFigures(*m_trace, 0, range);
    QVERIFY(expected.attempts > 0);
    QTRY_COMPARE(shown.cell(1, 1), QLocale().toString(qulonglong{expected.attempts}));
    QTest::mouseClick(child<QToolButton>(shown.panel, QStringLiteral("Clear range")),
                      Qt::LeftButton);
    QVERIFY(!shown.state.selection());
    QCOMPARE(shown.from->text(), QString());
    QTRY_VERIFY(shown.cell(1, 1) != QLocale().toString(qulonglong{expected.attempts}));
}

void TestRangePanel::oneEndIsEnough()
{
    Shown shown(m_trace);
    shown.type(shown.from, QStringLiteral("2 ms"));
    QTest::keyClick(shown.from, Qt::Key_Enter);
    QCOMPARE(shown.state.selection(), std::optional(TimeRange{2'000'000, m_trace->nowNs}));
    QCOMPARE(shown.to->text(), exactTime(m_trace->nowNs));
}

void TestRangePanel::wrongRangeIsToldAndSelectsNothing()
{
    Shown shown(m_trace);
    shown.type(shown.from, QStringLiteral("12 parsec"));
    QTest::keyClick(shown.from, Qt::Key_Return);
    QVERIFY(shown.panel.problemText().contains(QStringLiteral("12 parsec")));
    QVERIFY(!shown.state.selection());
    QCOMPARE(shown.from->text(), QStringLiteral("12 parsec"));
    shown.type(shown.from, QStringLiteral("5 ms"));
    shown.type(shown.to, QStringLiteral("4 ms"));
    QTest::keyClick(shown.to, Qt::Key_Return);
    QVERIFY(shown.panel.problemText().contains(QStringLiteral("ends before")));
    shown.type(shown.to, QString());
    shown.type(shown.from, QStringLiteral("2 h"));
    QTest::keyClick(shown.from, Qt::Key_Return);
    QVERIFY(!shown.panel.problemText().isEmpty());
    QVERIFY(!shown.state.selection());
}

void TestRangePanel::selectionOfTheTimelineFillsTheFields()
{
    Shown shown(m_trace);
    shown.state.setSelection(TimeRange{1'234'567, 7'000'000});
    QCOMPARE(shown.from->text(), QStringLiteral("1.234567 ms"));
    QCOMPARE(shown.to->text(), QStringLiteral("7 ms"));
    shown.state.setSelection(TimeRange{1'234'567, 1'234'567'891});
    for (const QLineEdit* edit : {shown.from, shown.to}) { // all of it is seen
        const int room = edit->width() - edit->fontMetrics().horizontalAdvance(edit->text());
        QVERIFY2(room >= 10, qPrintable(edit->text()));
    }
    shown.state.setSelection(std::nullopt);
    QCOMPARE(shown.to->text(), QString());
}

void TestRangePanel::figuresAreCopiedAsTable()
{
    Shown shown(m_trace);
    QTRY_COMPARE(shown.figures->rowCount(), 6);
    QTest::mouseClick(child<QToolButton>(shown.panel, QStringLiteral("Copy figures")),
                      Qt::LeftButton);
    const QStringList lines = QGuiApplication::clipboard()->text().split(u'\n', Qt::SkipEmptyParts);
    QCOMPARE(lines.size(), 7);
    QCOMPARE(lines[0].count(u'\t'), lines[2].count(u'\t'));
    QVERIFY(lines[2].startsWith(QStringLiteral("Run time\t")));
}

void TestRangePanel::histogramTellsWhatIsUnderTheMouse()
{
    DurationHistogram histogram;
    for (int i = 0; i < 40; ++i) {
        histogram.add(1'100'000);
    }
    HistogramView view(QStringLiteral("Run time"));
    view.resize(240, 80);
    QVERIFY(view.textAt({100, 40}).isEmpty());
    view.setSeries({{QStringLiteral("Pool"), Qt::blue, histogram}});
    const QString first = view.textAt({2, 40}); // the decade from 1 ms has eight bins
    QVERIFY2(first.startsWith(QStringLiteral("Pool: 40 from 1.00 ms")), qPrintable(first));
    QVERIFY(view.textAt({230, 40}).startsWith(QStringLiteral("Pool: 0 from")));
    QVERIFY(view.accessibleDescription().contains(QStringLiteral("Pool: 40, from 1.00 ms")));
}

void TestRangePanel::histogramPaintsItsBars()
{
    DurationHistogram histogram;
    histogram.add(1'100'000);
    HistogramView view(QStringLiteral("Run time"));
    view.resize(240, 80);
    const QImage empty = view.grab().toImage();
    view.setSeries({{QStringLiteral("Pool"), QColor(255, 0, 255), histogram}});
    const QImage full = view.grab().toImage();
    QVERIFY(empty != full);
    const auto has = [&full](int x) {
        for (int y = 0; y < full.height(); ++y) {
            if (full.pixelColor(x, y) == QColor(255, 0, 255)) {
                return true;
            }
        }
        return false;
    };
    QVERIFY(has(10));
    QVERIFY(!has(120));
}

void TestRangePanel::runThatGoesOnIsFollowed()
{
    auto half = std::make_shared<Snapshot>(*m_trace);
    half->isLive = true;
    for (LaneView& lane : half->lanes) {
        lane.recordCount /= 2;
        lane.summarisedCount = 0;
    }
    Shown shown(half);
    QTRY_COMPARE(shown.figures->rowCount(), 6);
    const QString before = shown.cell(1, 1);
    shown.state.setSnapshot(m_trace);
    QTRY_VERIFY(shown.cell(1, 1) != before);
    QCOMPARE(shown.cell(1, 1), QLocale().toString(6'000));
}

} // namespace poolscope

QTEST_MAIN(poolscope::TestRangePanel)
#include "tst_range_panel.moc"
