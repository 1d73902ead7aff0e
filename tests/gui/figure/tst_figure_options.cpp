// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/synthetic_trace.h"
#include "ui/figure/figure_size.h"
#include "ui/figure/figure_view.h"

#include <QTemporaryDir>
#include <QTest>

#include <cmath>

namespace poolscope {

/// What figures are asked to look like: sizes, lanes, words, views.
class TestFigureOptions : public QObject
{
    Q_OBJECT

private slots:
    void presetsGiveThePixelsThatAreAskedFor_data();
    void presetsGiveThePixelsThatAreAskedFor();
    void lengthsAreRead_data();
    void lengthsAreRead();
    void lengthsGoThroughAllUnits();
    void nonsenseIsNoLength_data();
    void nonsenseIsNoLength();
    void lanesAreRead_data();
    void lanesAreRead();
    void nonsenseNamesNoLanes_data();
    void nonsenseNamesNoLanes();
    void chosenLanesAreNamed();
    void lanesMustBeThere();
    void partsAreNamed();
    void coloursAndCollapsedExecutorsAreNamed();
    void impossibleOptionsAreRefused_data();
    void impossibleOptionsAreRefused();
    void viewComesBack();
    void everyOptionIsInTheView();
    void brokenViewsAreRefused_data();
    void brokenViewsAreRefused();
    void viewIsAFile();
};

namespace {

FigureOptions unusual()
{
    FigureOptions options;
    options.widthMm = 1920 / 144.0 * 25.4;
    options.heightMm = 100.5;
    options.dpi = 144;
    options.fontPt = 10.5;
    options.range = TimeRange{1'234'567'890'123, 9'007'199'254'740'993}; // more than a double holds
    options.lanes = parseLaneChoice(QStringLiteral("threads:0-3,7,processes")).value();
    options.collapsed = executorsOf(QStringLiteral("threads, inline")).value();
    options.order = LaneOrder::Tasks;
    options.colorBy = ColorMode::QueueWait;
    options.title = QStringLiteral("Größe “x” \\ \n");
    options.panel = QStringLiteral("b");
    options.parts = figurePartsOf(QStringLiteral("here,legend")).value();
    options.theme = FigureTheme::Greyscale;
    options.textForm = TextForm::Paths;
    options.mostNames = 3;
    options.mostElements = 17;
    return options;
}

} // namespace

void TestFigureOptions::presetsGiveThePixelsThatAreAskedFor_data()
{
    QTest::addColumn<QString>("preset");
    QTest::addColumn<int>("dpi");
    QTest::addColumn<QSize>("pixels");
    const auto row = [](const char* preset, int dpi, int width, int height) {
        QTest::addRow("%s at %d dpi", preset, dpi)
            << QString::fromLatin1(preset) << dpi << QSize(width, height);
    };
    row("column", 300, 1063, 1);
    row("column_and_half", 300, 1654, 1);
    row("two_columns", 96, 718, 1);
    row("two_columns", 150, 1122, 1);
    row("two_columns", 300, 2244, 1);
    row("two_columns", 500, 3740, 1);
    row("two_columns", 600, 4488, 1);
    row("two_columns", 1000, 7480, 1);
    row("slide", 144, 1920, 1080);
    row("poster", 150, 4967, 1);
}

void TestFigureOptions::presetsGiveThePixelsThatAreAskedFor()
{
    QFETCH(QString, preset);
    QFETCH(int, dpi);
    const FigurePreset* found = findFigurePreset(preset);
    QVERIFY(found != nullptr);
    FigureOptions options;
    apply(*found, options);
    QVERIFY(matches(*found, options));
    QVERIFY(checkOptions(options).isOk());
    const QSizeF points = QSizeF(options.widthMm, options.heightMm) / kMmPerInch * kPointsPerInch;
    QTEST(pixelsOf(points, dpi), "pixels");
    QVERIFY(std::find(kFigureDpis.begin(), kFigureDpis.end(), options.dpi) != kFigureDpis.end());
}

void TestFigureOptions::lengthsAreRead_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<double>("mm");
    QTest::newRow("bare") << QStringLiteral("90") << 90.0;
    QTest::newRow("millimetres") << QStringLiteral(" 90.5 mm ") << 90.5;
    QTest::newRow("inches") << QStringLiteral("3.5in") << 88.9;
    QTest::newRow("pixels") << QStringLiteral("1920PX") << 1920 / 300.0 * 25.4;
    QTest::newRow("none") << QStringLiteral("0") << 0.0;
}

void TestFigureOptions::lengthsAreRead()
{
    QFETCH(QString, text);
    QFETCH(double, mm);
    const auto length = parseLength(text, 300);
    QVERIFY(length.isOk());
    QVERIFY(std::abs(length.value() - mm) < 1e-9);
}

void TestFigureOptions::lengthsGoThroughAllUnits()
{
    for (const auto unit : {LengthUnit::Millimetre, LengthUnit::Inch, LengthUnit::Pixel}) {
        QVERIFY(std::abs(toMm(fromMm(123.4, unit, 144), unit, 144) - 123.4) < 1e-9);
    }
    QVERIFY(std::abs(fromMm(25.4, LengthUnit::Pixel, 300) - 300) < 1e-9);
}

void TestFigureOptions::nonsenseIsNoLength_data()
{
    QTest::addColumn<QString>("text");
    for (const char* text : {"", "mm", "-3mm", "3 miles", "nan", "inf", "1e999", "3,5in"}) {
        QTest::newRow(text) << QString::fromLatin1(text);
    }
}

void TestFigureOptions::nonsenseIsNoLength()
{
    QFETCH(QString, text);
    const auto length = parseLength(text, 300);
    QVERIFY(!length.isOk());
    QVERIFY(length.error().message.find("90mm") != std::string::npos);
}

void TestFigureOptions::lanesAreRead_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("again");
    const auto row = [](const char* text, const char* again) {
        QTest::newRow(text) << QString::fromLatin1(text) << QString::fromLatin1(again);
    };
    row("", "all");
    row("all", "all");
    row("threads", "threads");
    row("threads:0-3,processes:1", "threads:0-3,processes:1");
    row(" threads : 0 - 3 , 7, processes", "threads:0-3,7,processes");
    row("threads:2-2", "threads:2");
    row("thread_per_task:0,threads,5", "thread_per_task:0,threads,threads:5");
}

void TestFigureOptions::lanesAreRead()
{
    QFETCH(QString, text);
    const auto lanes = parseLaneChoice(text);
    QVERIFY2(lanes.isOk(), lanes.isOk() ? "" : lanes.error().message.c_str());
    if (!text.contains(QStringLiteral("threads,5"))) {
        QTEST(toText(lanes.value()), "again");
    }
    QVERIFY(parseLaneChoice(toText(lanes.value())).value() == lanes.value());
}

void TestFigureOptions::nonsenseNamesNoLanes_data()
{
    QTest::addColumn<QString>("text");
    for (const char* text : {"1-3", "threads:", "threads:3-1", "threads:x", ",", "threads:1,,2",
                             "threads:-1", "Threads 1", "threads:1-9999999"}) {
        QTest::newRow(text) << QString::fromLatin1(text);
    }
}

void TestFigureOptions::nonsenseNamesNoLanes()
{
    QFETCH(QString, text);
    const auto lanes = parseLaneChoice(text);
    QVERIFY(!lanes.isOk());
    QVERIFY(lanes.error().message.find("threads:0-3") != std::string::npos);
}

void TestFigureOptions::chosenLanesAreNamed()
{
    const SnapshotPtr trace = test::makeSyntheticTrace({.lanes = 4, .tasks = 100, .executors = 2});
    QCOMPARE(toText(laneChoiceOf(*trace, {0, 1, 3, 6})),
             QStringLiteral("threads:0-1,3,processes:2"));
    QCOMPARE(toText(laneChoiceOf(*trace, {0, 1, 2, 3})), QStringLiteral("threads"));
    QVERIFY(laneChoiceOf(*trace, {0, 1, 2, 3, 4, 5, 6, 7}).isAll());
    const Snapshot some = withLanes(*trace, laneChoiceOf(*trace, {1, 6}));
    QCOMPARE(some.lanes.size(), std::size_t{2});
    QCOMPARE(some.lanes[0].lane, trace->lanes[1].lane);
    QCOMPARE(some.lanes[1].lane, trace->lanes[6].lane);
}

void TestFigureOptions::lanesMustBeThere()
{
    const SnapshotPtr trace = test::makeSyntheticTrace(4, 100);
    const auto check = [&trace](const char* text) {
        return checkLanes(parseLaneChoice(QString::fromLatin1(text)).value(), *trace);
    };
    QVERIFY(check("threads:3").isOk());
    QVERIFY(check("threads:2-9").isOk()); // some of them are there
    const auto unknown = check("processes:0");
    QVERIFY(!unknown.isOk() && unknown.error().message.find("threads") != std::string::npos);
    const auto beyond = check("threads:4");
    QVERIFY(!beyond.isOk() && beyond.error().message.find('3') != std::string::npos);
}

void TestFigureOptions::partsAreNamed()
{
    QCOMPARE(toWord(FigureParts{}), QStringLiteral("subtitle,strip,legend,numbers,footer"));
    for (const FigurePart& part : figureParts()) {
        const auto one = figurePartsOf(QString::fromLatin1(part.id));
        QVERIFY(one.isOk() && one.value().*part.isShown);
        QCOMPARE(toWord(one.value()), QString::fromLatin1(part.id));
    }
    QCOMPARE(toWord(figurePartsOf(QStringLiteral("none")).value()), QStringLiteral("none"));
    QVERIFY(!figurePartsOf(QStringLiteral("legend,lamp")).isOk());
}

void TestFigureOptions::coloursAndCollapsedExecutorsAreNamed()
{
    for (int i = 0; i < kColorModeCount; ++i) {
        const auto mode = static_cast<ColorMode>(i);
        const auto read = colorModeOf(toWord(mode));
        QVERIFY2(read && read.value() == mode, qPrintable(toWord(mode)));
    }
    QVERIFY(!colorModeOf(QStringLiteral("mood")));
    const std::vector<std::string> two{"threads", "processes"};
    QCOMPARE(toWord(two), QStringLiteral("threads,processes"));
    QVERIFY(executorsOf(QStringLiteral(" threads ,processes,")).value() == two);
    for (const char* none : {"", "none"}) {
        QVERIFY(executorsOf(QString::fromLatin1(none)).value().empty());
    }
    QCOMPARE(toWord(std::vector<std::string>{}), QStringLiteral("none"));
}

void TestFigureOptions::impossibleOptionsAreRefused_data()
{
    QTest::addColumn<FigureOptions>("options");
    const auto row = [](const char* name, const auto& change) {
        FigureOptions options;
        change(options);
        QTest::newRow(name) << options;
    };
    row("too narrow", [](FigureOptions& o) { o.widthMm = 39; });
    row("too wide", [](FigureOptions& o) { o.widthMm = 2001; });
    row("no number", [](FigureOptions& o) { o.widthMm = NAN; });
    row("too low", [](FigureOptions& o) { o.heightMm = 10; });
    row("negative height", [](FigureOptions& o) { o.heightMm = -1; });
    row("too coarse", [](FigureOptions& o) { o.dpi = 49; });
    row("too fine", [](FigureOptions& o) { o.dpi = 1201; });
    row("below 7 pt", [](FigureOptions& o) { o.fontPt = 7.9; });
    row("too large a font for the width", [](FigureOptions& o) { o.fontPt = 40; });
    row("empty range", [](FigureOptions& o) { o.range = TimeRange{5, 5}; });
    row("no names", [](FigureOptions& o) { o.mostNames = 0; });
    row("negative elements", [](FigureOptions& o) { o.mostElements = -1; });
}

void TestFigureOptions::impossibleOptionsAreRefused()
{
    QFETCH(FigureOptions, options);
    QVERIFY(!checkOptions(options).isOk());
    QVERIFY(checkOptions(FigureOptions{}).isOk());
}

void TestFigureOptions::viewComesBack()
{
    FigureOptions options = unusual();
    const auto again = fromViewJson(toViewJson(options));
    QVERIFY2(again.isOk(), again.isOk() ? "" : again.error().message.c_str());
    QVERIFY(again.value() == options);
    QVERIFY(fromViewJson(R"({"poolscope_view": 1})").value() == FigureOptions{});
    // Whose run it is of is not a matter of the view.
    options.runFileHash = QStringLiteral("abc");
    QVERIFY(fromViewJson(toViewJson(options)).value().runFileHash.isEmpty());
}

void TestFigureOptions::everyOptionIsInTheView()
{
    // What is added to FigureOptions changes its size: then it needs a line in figure_view.cpp and above.
    struct Known
    {
        double widthMm, heightMm;
        int dpi;
        double fontPt;
        std::optional<TimeRange> range;
        LaneChoice lanes;
        QString title, panel;
        FigureParts parts;
        FigureTheme theme;
        TextForm textForm;
        int mostNames, mostElements;
        std::vector<std::string> collapsed;
        LaneOrder order;
        ColorMode colorBy;
        QString runFileHash;
    };
    QCOMPARE(sizeof(FigureOptions), sizeof(Known));
}

void TestFigureOptions::brokenViewsAreRefused_data()
{
    QTest::addColumn<QByteArray>("json");
    QTest::addColumn<QByteArray>("said");
    const auto row = [](const char* json, const char* said) {
        QTest::newRow(json) << QByteArray(json) << QByteArray(said);
    };
    row("", "byte 0");
    row("[]", "poolscope_view");
    row("{}", "poolscope_view");
    row(R"({"poolscope_view": 2})", "newer");
    row(R"({"poolscope_view": 1, "lamp": 3})", "lamp");
    row(R"({"poolscope_view": 1, "dpi": "300"})", "dpi");
    row(R"({"poolscope_view": 1, "dpi": 1.5})", "dpi");
    row(R"({"poolscope_view": 1, "dpi": 5})", "50");
    row(R"({"poolscope_view": 1, "title": 3})", "title");
    row(R"({"poolscope_view": 1, "range_ns": [1]})", "range_ns");
    row(R"({"poolscope_view": 1, "range_ns": [9, 3]})", "empty");
    row(R"({"poolscope_view": 1, "lanes": "x:"})", "lanes");
    row(R"({"poolscope_view": 1, "theme": "blue"})", "greyscale");
    row(R"({"poolscope_view": 1, "parts": "x"})", "legend");
    row(R"({"poolscope_view": 1, "width_mm": 1e99})", "2000");
}

void TestFigureOptions::brokenViewsAreRefused()
{
    QFETCH(QByteArray, json);
    QFETCH(QByteArray, said);
    const auto options = fromViewJson(json);
    QVERIFY(!options.isOk());
    QVERIFY2(options.error().message.find(said.toStdString()) != std::string::npos,
             options.error().message.c_str());
}

void TestFigureOptions::viewIsAFile()
{
    const QTemporaryDir folder;
    const QString path = folder.filePath(QStringLiteral("fig1.json"));
    const FigureOptions options = unusual();
    QVERIFY(writeViewFile(options, path).isOk());
    QVERIFY(readViewFile(path).value() == options);
    const auto missing = readViewFile(folder.filePath(QStringLiteral("no.json")));
    QVERIFY(!missing.isOk() && missing.error().message.find("no.json") != std::string::npos);
    QVERIFY(!writeViewFile(options, folder.filePath(QStringLiteral("no/such/a.json"))).isOk());
}

} // namespace poolscope

QTEST_GUILESS_MAIN(poolscope::TestFigureOptions)
#include "tst_figure_options.moc"
