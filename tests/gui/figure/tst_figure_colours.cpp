// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/gui/figure/figure_case.h"
#include "ui/figure/figure_painter.h"
#include "ui/figure/figure_theme.h"

#include <QPainter>
#include <QTest>

#include <algorithm>
#include <array>
#include <cmath>

namespace poolscope {

/// Whether colours and marks can be told apart by everyone, and on a printer without colour.
class TestFigureColours : public QObject
{
    Q_OBJECT

private slots:
    void statesCanBeToldApart_data();
    void statesCanBeToldApart();
    void kindsCanBeToldApart_data();
    void kindsCanBeToldApart();
    void textHasContrast_data();
    void textHasContrast();
    void paperIsWhite();
};

namespace {

using Rgb = std::array<double, 3>;

double linear(double channel)
{
    return channel <= 0.04045 ? channel / 12.92 : std::pow((channel + 0.055) / 1.055, 2.4);
}

Rgb linearOf(const QColor& color)
{
    return {linear(color.red() / 255.0), linear(color.green() / 255.0),
            linear(color.blue() / 255.0)};
}

double luminance(const Rgb& rgb)
{
    return 0.2126 * rgb[0] + 0.7152 * rgb[1] + 0.0722 * rgb[2];
}

Rgb asSeen(const Rgb& rgb)
{
    return rgb;
}

Rgb inGreyscale(const Rgb& rgb)
{
    const double y = luminance(rgb);
    return {y, y, y};
}

Rgb transformed(const Rgb& rgb, const std::array<Rgb, 3>& matrix)
{
    Rgb seen{};
    for (std::size_t i = 0; i < 3; ++i) {
        for (std::size_t j = 0; j < 3; ++j) {
            seen[i] += matrix[i][j] * rgb[j];
        }
        seen[i] = std::clamp(seen[i], 0.0, 1.0);
    }
    return seen;
}

// Machado, Oliveira and Fernandes 2009, severity 1.
Rgb withDeuteranopia(const Rgb& rgb)
{
    return transformed(rgb, {Rgb{0.367322, 0.860646, -0.227968}, Rgb{0.280085, 0.672501, 0.047413},
                             Rgb{-0.011820, 0.042940, 0.968881}});
}

Rgb withProtanopia(const Rgb& rgb)
{
    return transformed(rgb, {Rgb{0.152286, 1.052583, -0.204868}, Rgb{0.114503, 0.786281, 0.099216},
                             Rgb{-0.003882, -0.048116, 1.051998}});
}

struct Lab
{
    double l, a, b;
};

Lab labOf(const Rgb& rgb)
{
    const auto f = [](double t) {
        return t > 216.0 / 24389 ? std::cbrt(t) : (24389.0 / 27 * t + 16) / 116;
    };
    const double x = f((0.4124564 * rgb[0] + 0.3575761 * rgb[1] + 0.1804375 * rgb[2]) / 0.95047);
    const double y = f(luminance(rgb));
    const double z = f((0.0193339 * rgb[0] + 0.1191920 * rgb[1] + 0.9503041 * rgb[2]) / 1.08883);
    return {116 * y - 16, 500 * (x - y), 200 * (y - z)};
}

/// CIE 1976: 2.3 is just noticeable.
double distance(const Rgb& a, const Rgb& b)
{
    const Lab p = labOf(a);
    const Lab q = labOf(b);
    return std::hypot(p.l - q.l, p.a - q.a, p.b - q.b);
}

using Eye = Rgb (*)(const Rgb&);

struct Named
{
    const char* name;
    Eye eye;
};
constexpr std::array kEyes{Named{"colour", &asSeen}, Named{"greyscale", &inGreyscale},
                           Named{"deuteranopia", &withDeuteranopia},
                           Named{"protanopia", &withProtanopia}};

/// \return what a legend shows for \p shape, at 300 dpi.
QImage sampleOf(const Figure& figure, LegendEntry::Shape shape)
{
    QImage image(60, 36, QImage::Format_RGB32);
    image.fill(figure.scene().style.theme.laneEven);
    QPainter painter(&image);
    const double scale = 300 / 72.0;
    painter.scale(scale, scale);
    LegendEntry entry;
    entry.shape = shape;
    entry.kind = 7; // the grey that the samples of bad ends have
    paintSwatch(painter, figure.scene(), entry, QRectF(0.24, 0.24, 13.9, 8.1), 1 / scale);
    return image;
}

/// \return the mean distance over all pixels.
double difference(const QImage& a, const QImage& b, Eye eye)
{
    double sum = 0;
    for (int y = 0; y < a.height(); ++y) {
        for (int x = 0; x < a.width(); ++x) {
            sum += a.pixel(x, y) == b.pixel(x, y) ? 0
                                                  : distance(eye(linearOf(QColor(a.pixel(x, y)))),
                                                             eye(linearOf(QColor(b.pixel(x, y)))));
        }
    }
    return sum / (a.width() * a.height());
}

constexpr std::array kThemes{FigureTheme::Paper, FigureTheme::Greyscale, FigureTheme::Dark,
                             FigureTheme::Light};

} // namespace

void TestFigureColours::statesCanBeToldApart_data()
{
    QTest::addColumn<FigureTheme>("theme");
    QTest::addColumn<int>("eye");
    for (const FigureTheme theme : kThemes) {
        for (std::size_t eye = 0; eye < kEyes.size(); ++eye) {
            QTest::addRow("%s, %s", qPrintable(toWord(theme)), kEyes[eye].name)
                << theme << static_cast<int>(eye);
        }
    }
}

void TestFigureColours::statesCanBeToldApart()
{
    QFETCH(FigureTheme, theme);
    QFETCH(int, eye);
    FigureOptions options;
    options.theme = theme;
    const Figure figure = test::figureOf(test::makeSyntheticTrace(2, 100), options);
    using Shape = LegendEntry::Shape;
    constexpr std::array kShapes{
        std::pair{Shape::Kind, "done"},          std::pair{Shape::Failed, "failed"},
        std::pair{Shape::TimedOut, "timed out"}, std::pair{Shape::Cancelled, "cancelled"},
        std::pair{Shape::Lost, "lost"},          std::pair{Shape::Running, "running"}};
    for (std::size_t i = 0; i < kShapes.size(); ++i) {
        for (std::size_t j = 0; j < i; ++j) {
            const double found =
                difference(sampleOf(figure, kShapes[i].first), sampleOf(figure, kShapes[j].first),
                           kEyes[static_cast<std::size_t>(eye)].eye);
            const QString pair =
                QStringLiteral("%1 and %2: %3")
                    .arg(QLatin1String(kShapes[i].second), QLatin1String(kShapes[j].second))
                    .arg(found);
            QVERIFY2(found > 4, qPrintable(pair));
        }
    }
}

void TestFigureColours::kindsCanBeToldApart_data()
{
    QTest::addColumn<FigureTheme>("theme");
    QTest::addColumn<int>("eye");
    QTest::addColumn<double>("least");
    const auto row = [](FigureTheme theme, std::size_t eye, double least) {
        QTest::addRow("%s, %s", qPrintable(toWord(theme)), kEyes[eye].name)
            << theme << static_cast<int>(eye) << least;
    };
    for (const FigureTheme theme : {FigureTheme::Paper, FigureTheme::Dark}) {
        row(theme, 0, 20);
        row(theme, 2, 12);
        row(theme, 3, 12);
    }
    for (const std::size_t eye : {0U, 1U, 2U, 3U}) {
        row(FigureTheme::Greyscale, eye, 9);
    }
}

void TestFigureColours::kindsCanBeToldApart()
{
    QFETCH(FigureTheme, theme);
    QFETCH(int, eye);
    QFETCH(double, least);
    const Eye see = kEyes[static_cast<std::size_t>(eye)].eye;
    const Theme colors = themeOf(theme);
    for (std::size_t i = 0; i < colors.kinds.size(); ++i) {
        for (std::size_t j = 0; j < i; ++j) {
            const double found =
                distance(see(linearOf(colors.kinds[i])), see(linearOf(colors.kinds[j])));
            const QString pair = QStringLiteral("%1 and %2: %3").arg(i).arg(j).arg(found);
            QVERIFY2(found > least, qPrintable(pair));
        }
    }
}

void TestFigureColours::textHasContrast_data()
{
    QTest::addColumn<FigureTheme>("theme");
    for (const FigureTheme theme : kThemes) {
        QTest::newRow(qPrintable(toWord(theme))) << theme;
    }
}

void TestFigureColours::textHasContrast()
{
    QFETCH(FigureTheme, theme);
    const Theme colors = themeOf(theme);
    const auto contrast = [](const QColor& a, const QColor& b) {
        const double p = luminance(linearOf(a)) + 0.05;
        const double q = luminance(linearOf(b)) + 0.05;
        return std::max(p, q) / std::min(p, q);
    };
    QVERIFY(contrast(colors.text, colors.window) > 7); // WCAG AAA
    QVERIFY(contrast(colors.dimText, colors.window) > 4.5); // AA
}

void TestFigureColours::paperIsWhite()
{
    for (const FigureTheme theme : {FigureTheme::Paper, FigureTheme::Greyscale}) {
        QCOMPARE(themeOf(theme).window, QColor(Qt::white));
        QCOMPARE(themeOf(theme).laneEven, QColor(Qt::white));
    }
}

} // namespace poolscope

QTEST_MAIN(poolscope::TestFigureColours)
#include "tst_figure_colours.moc"
