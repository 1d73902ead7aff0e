// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/gui/figure/figure_case.h"
#include "ui/figure/svg_canvas.h"

#include <QMap>
#include <QPainter>
#include <QTest>
#include <QXmlStreamReader>

#include <cmath>

namespace poolscope {

using test::asPaths;
using test::duel;
using test::factNames;
using test::figureOf;
using test::render;

/// Figures as SVG, and what their writer can.
class TestFigureSvg : public QObject
{
    Q_OBJECT

private slots:
    void svgSaysWhatItShows();
    void svgIsAccepted_data();
    void svgIsAccepted();
    void svgClipsAndTurns();
    void svgForgetsClipsThatAreRestored();
    void executorsDifferInTheirDashes();
    void lettersCanBeOutlines();
    void drawingBeyondItsBudgetBecomesPixels();
};

void TestFigureSvg::svgSaysWhatItShows()
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
    for (const QString& key : factNames()) {
        QVERIFY2(facts.contains(key), qPrintable(key));
    }
    QVERIFY(painted.contains(options.title));
    QVERIFY(painted.contains(QStringLiteral("Process 1000 / worker 0")));
}

void TestFigureSvg::svgIsAccepted_data()
{
    QTest::addColumn<int>("tasks");
    QTest::addColumn<bool>("paths");
    QTest::newRow("bars") << 100 << false;
    QTest::newRow("columns") << 50'000 << false;
    QTest::newRow("paths") << 100 << true;
}

void TestFigureSvg::svgIsAccepted()
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

void TestFigureSvg::svgClipsAndTurns()
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

void TestFigureSvg::executorsDifferInTheirDashes()
{
    SvgCanvas canvas(QSizeF(100, 50), TextForm::Text);
    QPainter painter(&canvas);
    painter.scale(2, 2);
    QPen pen(Qt::black, 0.5);
    pen.setDashPattern({4, 2});
    pen.setDashOffset(1);
    painter.setPen(pen);
    painter.drawLine(QPointF(0, 0), QPointF(1, 2));
    painter.end();
    QVERIFY(canvas.file({}).contains("stroke-dasharray=\"4,2\" stroke-dashoffset=\"1\""));
    // The line over the run and the one in the key.
    QCOMPARE(render(figureOf(duel(400)), "a.svg").count("stroke-dasharray"), 2);
}

void TestFigureSvg::svgForgetsClipsThatAreRestored()
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

void TestFigureSvg::lettersCanBeOutlines()
{
    const QByteArray text = render(figureOf(duel(100)), "a.svg");
    const QByteArray paths = render(figureOf(duel(100), asPaths()), "a.svg");
    QVERIFY(text.contains("<text"));
    QVERIFY(!paths.contains("<text"));
    QVERIFY(paths.count("<path") > text.count("<path") + 50);
}

void TestFigureSvg::drawingBeyondItsBudgetBecomesPixels()
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

} // namespace poolscope

QTEST_MAIN(poolscope::TestFigureSvg)
#include "tst_figure_svg.moc"
