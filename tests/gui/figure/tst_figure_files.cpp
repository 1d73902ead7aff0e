// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/gui/figure/figure_case.h"
#include "ui/figure/run_file_hash.h"
#include "ui/figure/svg_canvas.h"

#include <QDate>
#include <QFile>
#include <QHashFunctions>
#include <QMap>
#include <QPainter>
#include <QRegularExpression>
#include <QTemporaryDir>
#include <QTest>
#include <QXmlStreamReader>

#include <cmath>

namespace poolscope {

using test::duel;
using test::figureOf;
using test::render;

/// Figures as files: what is in them, and what other programs make of them.
class TestFigureFiles : public QObject
{
    Q_OBJECT

private slots:
    void pictureCarriesItsSizeAndOrigin();
    void provenanceIsComplete();
    void drawingsAreTheSameBytesEachTime_data();
    void drawingsAreTheSameBytesEachTime();
    void svgSaysWhatItShows();
    void svgIsAccepted_data();
    void svgIsAccepted();
    void svgClipsAndTurns();
    void svgForgetsClipsThatAreRestored();
    void drawingsLookLikeThePicture_data();
    void drawingsLookLikeThePicture();
    void lettersCanBeOutlines();
    void drawingBeyondItsBudgetBecomesPixels();
    void drawingOfManyTasksStaysSmall_data();
    void drawingOfManyTasksStaysSmall();
    void pdfHasItsPageAndDate();
    void pdfEmbedsItsFonts();
    void pdfTextIsFound();
    void pdfLettersCanBeOutlines();
    void pdfIsReadByOthers();
    void hugePicturesAreRefused();
    void unknownKindOfPictureIsRefused();
    void writesAFile();
    void keepsTheOldFileWhenItCannotWrite();
    void runFileHashIsSha256();
};

namespace {

FigureOptions asPaths()
{
    FigureOptions options;
    options.textForm = TextForm::Paths;
    return options;
}

const QStringList kFacts{"Software", "Run",   "Date",   "Seed",   "Workload", "Parameters",
                         "Chunk",    "Pools", "System", "CPU",    "Cores",    "Clock",
                         "Dropped",  "Range", "Lanes",  "Palette"};

} // namespace

void TestFigureFiles::pictureCarriesItsSizeAndOrigin()
{
    const SnapshotPtr trace = duel(500);
    QImage image;
    QVERIFY(image.loadFromData(render(figureOf(trace), "a.png")));
    QCOMPARE(image.dotsPerMeterX(), 11811);
    QCOMPARE(image.dotsPerMeterY(), 11811);
    QCOMPARE(image.text(QStringLiteral("Run")), QString::fromStdString(trace->meta->runId));
    QCOMPARE(image.text(QStringLiteral("Date")), QStringLiteral("2023-11-14 22:13:20 UTC"));
    QVERIFY(image.text(QStringLiteral("Description")).contains(QStringLiteral("500 tasks")));
    for (const QString& key : kFacts) {
        QVERIFY2(key == QStringLiteral("Parameters") || !image.text(key).isEmpty(),
                 qPrintable(key));
    }
}

void TestFigureFiles::provenanceIsComplete()
{
    FigureOptions options;
    options.runFileHash = QString(64, u'f');
    const Figure figure = figureOf(duel(500), options);
    QMap<QString, QString> facts;
    for (const auto& [key, text] : figure.facts().metadata) {
        facts[key] = text;
    }
    for (const QString& key : kFacts) {
        QVERIFY2(facts.contains(key), qPrintable(key));
    }
    QCOMPARE(facts[QStringLiteral("RunFileSHA256")], options.runFileHash);
    QCOMPARE(facts[QStringLiteral("Palette")], QStringLiteral("paper"));
    QVERIFY(facts[QStringLiteral("Pools")].contains(QStringLiteral("Process pool, 4 workers")));
    QVERIFY(figure.facts().provenance.contains(QStringLiteral("ffffffff")));
    // A run that was not saved has none.
    for (const auto& [key, text] : figureOf(duel(500)).facts().metadata) {
        QVERIFY(key != QStringLiteral("RunFileSHA256"));
    }
}

void TestFigureFiles::drawingsAreTheSameBytesEachTime_data()
{
    QTest::addColumn<QByteArray>("name");
    QTest::addColumn<int>("tasks");
    QTest::addColumn<bool>("paths");
    for (const char* name : {"a.png", "a.svg", "a.pdf"}) {
        for (const int tasks : {400, 100'000}) {
            QTest::addRow("%s of %d", name, tasks) << QByteArray(name) << tasks << false;
        }
        QTest::addRow("%s, letters as paths", name) << QByteArray(name) << 400 << true;
    }
}

void TestFigureFiles::drawingsAreTheSameBytesEachTime()
{
    QFETCH(QByteArray, name);
    QFETCH(int, tasks);
    QFETCH(bool, paths);
    const auto draw = [&] {
        return render(
            figureOf(duel(static_cast<std::uint64_t>(tasks)), paths ? asPaths() : FigureOptions{}),
            name);
    };
    const QByteArray first = draw();
    QVERIFY(first.size() > 5'000);
    QHashSeed::resetRandomGlobalSeed(); // as in another process
    QVERIFY(first == draw());
}

void TestFigureFiles::svgSaysWhatItShows()
{
    FigureOptions options;
    options.title = QStringLiteral("Readers & writers <two pools>");
    const QByteArray svg = render(figureOf(duel(400), options), "a.svg");
    QXmlStreamReader reader(svg);
    QMap<QString, QString> texts;
    QMap<QString, QString> facts;
    QString painted;
    while (!reader.atEnd()) {
        if (reader.readNext() != QXmlStreamReader::StartElement) {
            continue;
        }
        const QString element = reader.name().toString();
        if (element == QLatin1String("svg")) {
            QCOMPARE(reader.attributes().value(QLatin1String("width")).toString(),
                     QStringLiteral("190mm"));
            QVERIFY(reader.attributes()
                        .value(QLatin1String("font-family"))
                        .endsWith(QStringLiteral("sans-serif")));
        } else if (element == QLatin1String("title") || element == QLatin1String("desc")) {
            texts[element] = reader.readElementText();
        } else if (element == QLatin1String("text")) {
            painted += reader.readElementText() + u'\n';
        } else if (element == QLatin1String("fact")) {
            const QString name = reader.attributes().value(QLatin1String("name")).toString();
            facts[name] = reader.readElementText();
        }
    }
    QVERIFY2(!reader.hasError(), qPrintable(reader.errorString()));
    QCOMPARE(texts[QStringLiteral("title")], options.title);
    QVERIFY(texts[QStringLiteral("desc")].contains(QStringLiteral("400 tasks")));
    QCOMPARE(facts[QStringLiteral("Title")], options.title);
    for (const QString& key : kFacts) {
        QVERIFY2(facts.contains(key), qPrintable(key));
    }
    QVERIFY(painted.contains(options.title));
    QVERIFY(painted.contains(QStringLiteral("Process 1000 / worker 0")));
}

void TestFigureFiles::svgIsAccepted_data()
{
    QTest::addColumn<int>("tasks");
    QTest::addColumn<bool>("paths");
    QTest::newRow("bars") << 100 << false;
    QTest::newRow("columns") << 50'000 << false;
    QTest::newRow("paths") << 100 << true;
}

void TestFigureFiles::svgIsAccepted()
{
    QFETCH(int, tasks);
    QFETCH(bool, paths);
    FigureOptions options = paths ? asPaths() : FigureOptions{};
    options.title =
        QStringLiteral("<&\"'\x01\u0000 ]]> 한국어"); // what XML must not take literally
    int status = -1;
    const QString said = test::toolOutput(
        QStringLiteral("xmllint"), {QStringLiteral("--noout"), QStringLiteral("%")},
        render(figureOf(duel(static_cast<std::uint64_t>(tasks)), options), "a.svg"), status);
    if (said.isNull()) {
        QSKIP("xmllint is not installed (libxml2-utils)");
    }
    QVERIFY2(status == 0, qPrintable(said));
    QCOMPARE(said.trimmed(), QString());
}

void TestFigureFiles::svgClipsAndTurns()
{
    SvgCanvas canvas(QSizeF(100, 50), TextForm::Text);
    QPainter painter(&canvas);
    painter.scale(2, 2);
    painter.setClipRect(QRectF(1, 1, 10, 10));
    painter.setClipRect(QRectF(5, 0, 10, 20), Qt::IntersectClip);
    painter.fillRect(QRectF(0, 0, 50, 25), Qt::red);
    painter.setClipping(false);
    painter.setOpacity(0.5);
    painter.fillRect(QRectF(0, 0, 5, 5), Qt::blue);
    painter.setOpacity(1);
    painter.save();
    painter.rotate(90);
    painter.drawText(QPointF(3, -4), QStringLiteral("up & down"));
    painter.restore();
    painter.drawLine(QPointF(0, 0), QPointF(1, 2));
    painter.end();
    const QByteArray svg = canvas.file({});
    QVERIFY(
        svg.contains("<clipPath id=\"c1\"><rect x=\"10\" y=\"2\" width=\"12\" height=\"20\"/>"));
    QVERIFY(svg.contains("<g clip-path=\"url(#c1)\">\n<rect x=\"0\" y=\"0\" width=\"100\" "
                         "height=\"50\" fill=\"#ff0000\"/>\n</g>"));
    QVERIFY(svg.contains("fill=\"#0000ff\" fill-opacity=\"0.5\""));
    QVERIFY(svg.contains("transform=\"rotate(90 8 6)\""));
    QVERIFY(svg.contains("up &amp; down"));
    QVERIFY(svg.contains("points=\"0,0 2,4\""));
    QCOMPARE(canvas.elementCount(), 4);
}

void TestFigureFiles::svgForgetsClipsThatAreRestored()
{
    SvgCanvas canvas(QSizeF(100, 50), TextForm::Text);
    QPainter painter(&canvas);
    painter.save();
    painter.setClipRect(QRectF(1, 1, 10, 10), Qt::IntersectClip);
    painter.save();
    painter.setClipRect(QRectF(5, 5, 10, 10), Qt::IntersectClip);
    painter.fillRect(QRectF(0, 0, 1, 1), Qt::red);
    painter.restore();
    painter.fillRect(QRectF(0, 0, 2, 2), Qt::red);
    painter.restore();
    painter.fillRect(QRectF(0, 0, 3, 3), Qt::red);
    painter.end();
    const QByteArray svg = canvas.file({});
    const QByteArray body = svg.mid(svg.indexOf("</defs>"));
    const qsizetype inner = body.indexOf("width=\"1\"");
    const qsizetype outer = body.indexOf("width=\"2\"");
    const qsizetype free = body.indexOf("width=\"3\"");
    QVERIFY(body.left(inner).endsWith("<g clip-path=\"url(#c1)\">\n<rect x=\"0\" y=\"0\" "));
    QVERIFY(body.mid(inner, outer - inner).contains("</g>\n<g clip-path=\"url(#c2)\">"));
    QVERIFY(body.mid(outer, free - outer).contains("</g>\n<rect"));
    QVERIFY(!body.mid(free).contains("</g>"));
}

void TestFigureFiles::drawingsLookLikeThePicture_data()
{
    QTest::addColumn<QByteArray>("name");
    QTest::addColumn<bool>("paths");
    QTest::addColumn<int>("tasks");
    for (const char* name : {"a.svg", "a.pdf"}) {
        QTest::addRow("%s of bars", name) << QByteArray(name) << false << 100;
        QTest::addRow("%s of bars, letters as paths", name) << QByteArray(name) << true << 100;
        QTest::addRow("%s of columns", name) << QByteArray(name) << false << 50'000;
    }
}

void TestFigureFiles::drawingsLookLikeThePicture()
{
    QFETCH(QByteArray, name);
    QFETCH(bool, paths);
    QFETCH(int, tasks);
    const Figure figure =
        figureOf(duel(static_cast<std::uint64_t>(tasks)), paths ? asPaths() : FigureOptions{});
    const bool isSvg = name.endsWith("svg");
    const QImage drawn =
        isSvg
            ? test::drawnBy(QStringLiteral("rsvg-convert"),
                            {"-d", "150", "-p", "150", "-o", "%o", "%"}, render(figure, name))
            : test::drawnBy(QStringLiteral("pdftocairo"),
                            {"-png", "-r", "150", "-singlefile", "%", "%o"}, render(figure, name));
    if (drawn.isNull()) {
        QSKIP("rsvg-convert or pdftocairo is not installed (librsvg2-bin, poppler-utils)");
    }
    const double share = test::differingShare(figure.image(150), drawn);
    QVERIFY2(share < 0.01, qPrintable(QString::number(share)));
    // What is compared would notice if something were missing.
    QImage holed = figure.image(150);
    QPainter painter(&holed);
    painter.fillRect(holed.rect().adjusted(0, holed.height() / 2, 0, 0), Qt::white);
    painter.end();
    const double holedShare = test::differingShare(holed, drawn);
    QVERIFY2(holedShare > 4 * share + 0.01, qPrintable(QString::number(holedShare)));
}

void TestFigureFiles::lettersCanBeOutlines()
{
    const QByteArray text = render(figureOf(duel(100)), "a.svg");
    const QByteArray paths = render(figureOf(duel(100), asPaths()), "a.svg");
    QVERIFY(text.contains("<text"));
    QVERIFY(!paths.contains("<text"));
    QVERIFY(paths.count("<path") > text.count("<path") + 50);
}

void TestFigureFiles::drawingBeyondItsBudgetBecomesPixels()
{
    FigureOptions options;
    const SnapshotPtr trace = duel(200);
    const QByteArray bars = render(figureOf(trace, options), "a.svg");
    QCOMPARE(bars.count("<image"), qsizetype{0});
    options.mostElements = 500;
    const QByteArray pixels = render(figureOf(trace, options), "a.svg");
    QCOMPARE(pixels.count("<image"), qsizetype{8}); // the lanes, and nothing else
    QVERIFY(pixels.contains("<text"));
    QVERIFY(pixels.count("<rect") > 20);
    // 600 dots per inch: the lanes are so many pixels wide.
    QImage lane;
    const qsizetype at = pixels.indexOf("base64,") + 7;
    QVERIFY(
        lane.loadFromData(QByteArray::fromBase64(pixels.mid(at, pixels.indexOf('"', at) - at))));
    const Figure figure = figureOf(trace, options);
    const double points = figure.scene().scale.width * figure.scene().unitPt;
    QVERIFY(std::abs(lane.width() - points / 72 * 600) < 1.5);
    options.mostElements = 1'000'000;
    QCOMPARE(render(figureOf(trace, options), "a.svg"), bars);
}

void TestFigureFiles::drawingOfManyTasksStaysSmall_data()
{
    QTest::addColumn<int>("lanes");
    QTest::addColumn<int>("tasks");
    QTest::newRow("columns") << 4 << 200'000;
    QTest::newRow("20,000 tasks") << 16 << 20'000;
    QTest::newRow("bars on many lanes") << 64 << 12'000;
}

void TestFigureFiles::drawingOfManyTasksStaysSmall()
{
    QFETCH(int, lanes);
    QFETCH(int, tasks);
    const Figure figure =
        figureOf(test::makeSyntheticTrace(lanes, static_cast<std::uint64_t>(tasks)));
    for (const char* name : {"a.svg", "a.pdf"}) {
        const QByteArray drawing = render(figure, name);
        QVERIFY2(drawing.size() < 2'000'000, qPrintable(QString::number(drawing.size())));
    }
    QVERIFY(render(figure, "a.svg").contains("<text"));
}

void TestFigureFiles::pdfHasItsPageAndDate()
{
    FigureOptions options;
    options.widthMm = 90;
    options.heightMm = 160;
    const QByteArray pdf = render(figureOf(duel(400), options), "a.pdf");
    QVERIFY(pdf.startsWith("%PDF-1."));
    QVERIFY(pdf.trimmed().endsWith("%%EOF"));
    QVERIFY(pdf.contains("/CreationDate (D:20231114221320"));
    QVERIFY(!pdf.contains(QDate::currentDate().toString(QStringLiteral("(D:yyyyMMdd")).toLatin1()));
    const QRegularExpressionMatch box =
        QRegularExpression(QStringLiteral(R"(/MediaBox \[[\d.]+ [\d.]+ ([\d.]+) ([\d.]+)\])"))
            .match(QString::fromLatin1(pdf));
    QVERIFY(box.hasMatch());
    QVERIFY(std::abs(box.captured(1).toDouble() - 90 / 25.4 * 72) < 0.6);
    QVERIFY(std::abs(box.captured(2).toDouble() - 160 / 25.4 * 72) < 0.6);
}

void TestFigureFiles::pdfEmbedsItsFonts()
{
    const QByteArray pdf = render(figureOf(duel(400)), "a.pdf");
    QVERIFY(pdf.contains("/FontFile2"));
    int status = -1;
    const QString said =
        test::toolOutput(QStringLiteral("pdffonts"), {QStringLiteral("%")}, pdf, status);
    if (said.isNull()) {
        QSKIP("pdffonts is not installed (poppler-utils)");
    }
    QCOMPARE(status, 0);
    const QStringList fonts = said.trimmed().split(u'\n').mid(2);
    QVERIFY(!fonts.isEmpty());
    for (const QString& font : fonts) { // name, type, encoding, emb, sub, uni, object, ID
        const QStringList fields = font.simplified().split(u' ');
        QCOMPARE(fields.value(fields.size() - 5), QStringLiteral("yes"));
    }
}

void TestFigureFiles::pdfTextIsFound()
{
    FigureOptions options;
    options.title = QStringLiteral("Readers and writers");
    int status = -1;
    const QString said =
        test::toolOutput(QStringLiteral("pdftotext"), {QStringLiteral("%"), QStringLiteral("-")},
                         render(figureOf(duel(400), options), "a.pdf"), status);
    if (said.isNull()) {
        QSKIP("pdftotext is not installed (poppler-utils)");
    }
    QCOMPARE(status, 0);
    QVERIFY2(said.contains(options.title), qPrintable(said));
    QVERIFY(said.contains(QStringLiteral("Time since start (ms)")));
}

void TestFigureFiles::pdfLettersCanBeOutlines()
{
    FigureOptions options = asPaths();
    options.title = QStringLiteral("Readers and writers");
    const QByteArray pdf = render(figureOf(duel(400), options), "a.pdf");
    QVERIFY(!pdf.contains("/FontFile"));
    int status = -1;
    const QString said = test::toolOutput(QStringLiteral("pdftotext"),
                                          {QStringLiteral("%"), QStringLiteral("-")}, pdf, status);
    QVERIFY(!said.contains(options.title));
}

void TestFigureFiles::pdfIsReadByOthers()
{
    const SnapshotPtr trace = duel(400);
    int status = -1;
    const QString said = test::toolOutput(QStringLiteral("pdfinfo"),
                                          {QStringLiteral("-custom"), QStringLiteral("%")},
                                          render(figureOf(trace), "a.pdf"), status);
    if (said.isNull()) {
        QSKIP("pdfinfo is not installed (poppler-utils)");
    }
    QCOMPARE(status, 0);
    QVERIFY2(!said.contains(QStringLiteral("Error")), qPrintable(said));
    QVERIFY2(said.contains(QString::fromStdString(trace->meta->runId)), qPrintable(said));
    for (const QString& key : kFacts) {
        QVERIFY2(said.contains(key + u':'), qPrintable(key));
    }
    const QString subject = test::toolOutput(QStringLiteral("pdfinfo"), {QStringLiteral("%")},
                                             render(figureOf(trace), "a.pdf"), status);
    QVERIFY2(subject.contains(QStringLiteral("400 tasks")), qPrintable(subject));
}

void TestFigureFiles::hugePicturesAreRefused()
{
    FigureOptions options;
    options.widthMm = 1000;
    options.dpi = 1200; // 47,244 pixels
    const auto png =
        findFigureFormat(QStringLiteral("a.png"))->render(figureOf(duel(100), options));
    QVERIFY(!png.isOk());
    QVERIFY(png.error().message.find("47244") != std::string::npos);
    QVERIFY(findFigureFormat(QStringLiteral("a.pdf"))->render(figureOf(duel(100), options)).isOk());
}

void TestFigureFiles::unknownKindOfPictureIsRefused()
{
    const QTemporaryDir folder;
    const QString path = folder.filePath(QStringLiteral("a.gif"));
    const auto result = writeFigure(*duel(400), {}, path);
    QVERIFY(!result.isOk());
    QVERIFY(QString::fromStdString(result.error().message).contains(QStringLiteral(".svg")));
    QVERIFY(!QFile::exists(path));
}

void TestFigureFiles::writesAFile()
{
    const QTemporaryDir folder;
    const QString path = folder.filePath(QStringLiteral("figure.PNG"));
    QVERIFY(writeFigure(*duel(500), {}, path).isOk());
    QCOMPARE(QImage(path).width(), 2244);
}

void TestFigureFiles::keepsTheOldFileWhenItCannotWrite()
{
    const QTemporaryDir folder;
    const QString path = folder.filePath(QStringLiteral("old.png"));
    QFile old(path);
    QVERIFY(old.open(QIODevice::WriteOnly));
    old.write("old");
    old.close();
    FigureOptions huge;
    huge.widthMm = 1000;
    huge.dpi = 1200;
    const auto result = writeFigure(*duel(100), huge, path);
    QVERIFY(!result.isOk() && !result.error().message.empty());
    QVERIFY(old.open(QIODevice::ReadOnly));
    QCOMPARE(old.readAll(), QByteArray("old"));
    QVERIFY(!writeFigure(*duel(100), {}, folder.filePath(QStringLiteral("no/such/a.png"))).isOk());
}

void TestFigureFiles::runFileHashIsSha256()
{
    const QTemporaryDir folder;
    const QString path = folder.filePath(QStringLiteral("abc"));
    QFile file(path);
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write("abc");
    file.close();
    QCOMPARE(runFileHash(path),
             QStringLiteral("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"));
    QVERIFY(runFileHash(folder.filePath(QStringLiteral("none"))).isEmpty());
}

} // namespace poolscope

QTEST_MAIN(poolscope::TestFigureFiles)
#include "tst_figure_files.moc"
