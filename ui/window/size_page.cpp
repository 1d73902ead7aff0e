// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/window/figure_pages.h"

#include <QComboBox>
#include <QCoreApplication>
#include <QDoubleSpinBox>
#include <QFormLayout>
#include <QLocale>

#include <algorithm>
#include <cmath>

namespace poolscope {

SizePage::SizePage(QWidget* parent)
    : FigurePage(parent)
    , m_preset(new QComboBox(this))
    , m_width(new QDoubleSpinBox(this))
    , m_height(new QDoubleSpinBox(this))
    , m_unit(new QComboBox(this))
    , m_dpi(new QComboBox(this))
    , m_font(new QDoubleSpinBox(this))
{
    for (const FigurePreset& preset : figurePresets()) {
        m_preset->addItem(QCoreApplication::translate("poolscope::Figure", preset.title));
    }
    m_preset->addItem(tr("Own size"));
    m_preset->setAccessibleName(tr("Purpose"));
    m_unit->addItem(tr("millimetres"), static_cast<int>(LengthUnit::Millimetre));
    m_unit->addItem(tr("inches"), static_cast<int>(LengthUnit::Inch));
    m_unit->addItem(tr("pixels"), static_cast<int>(LengthUnit::Pixel));
    m_unit->setAccessibleName(tr("Unit"));
    m_width->setAccessibleName(tr("Width"));
    m_height->setAccessibleName(tr("Height"));
    m_height->setSpecialValueText(tr("As the lanes need"));
    for (const int dpi : kFigureDpis) {
        m_dpi->addItem(tr("%1 dots per inch").arg(dpi), dpi);
    }
    m_dpi->setAccessibleName(tr("Resolution"));
    m_font->setRange(FigureOptions::kLeastFontPt, FigureOptions::kMostFontPt);
    m_font->setDecimals(1);
    m_font->setSuffix(tr(" pt"));
    m_font->setAccessibleName(tr("Font size"));
    m_font->setToolTip(tr("Of most text, at the final size; the smallest is 7/8 of it"));

    connect(m_preset, &QComboBox::activated, this, &SizePage::choosePreset);
    connect(m_unit, &QComboBox::activated, this, &SizePage::chooseUnit);
    connect(m_dpi, &QComboBox::activated, this, &SizePage::onEdited);
    for (QDoubleSpinBox* box : {m_width, m_height, m_font}) {
        box->setKeyboardTracking(false);
        connect(box, &QDoubleSpinBox::valueChanged, this, &SizePage::onEdited);
    }
    createLayout();
    setOptions({});
}

void SizePage::createLayout()
{
    QFormLayout* form = newFigureForm(this);
    form->addRow(tr("&Purpose"), m_preset);
    form->addRow(tr("&Width"), m_width);
    form->addRow(tr("&Height"), m_height);
    form->addRow(tr("&Unit"), m_unit);
    form->addRow(tr("&Resolution"), m_dpi);
    form->addRow(tr("&Font size"), m_font);
}

LengthUnit SizePage::unit() const
{
    return static_cast<LengthUnit>(m_unit->currentData().toInt());
}

int SizePage::dpi() const
{
    return m_dpi->currentData().toInt();
}

void SizePage::setOptions(const FigureOptions& options)
{
    m_isFilling = true;
    m_widthMm = options.widthMm;
    m_heightMm = options.heightMm;
    int place = m_dpi->findData(options.dpi);
    if (place < 0) { // from a view or the command line
        m_dpi->addItem(tr("%1 dots per inch").arg(options.dpi), options.dpi);
        place = m_dpi->count() - 1;
    }
    m_dpi->setCurrentIndex(place);
    m_font->setValue(options.fontPt);
    int preset = 0;
    const auto presets = static_cast<int>(figurePresets().size());
    while (preset < presets &&
           !matches(figurePresets()[static_cast<std::size_t>(preset)], options)) {
        ++preset;
    }
    m_preset->setCurrentIndex(preset);
    chooseUnit();
    m_isFilling = false;
}

/// Shows the same size in the unit that is chosen.
void SizePage::chooseUnit()
{
    const bool wasFilling = m_isFilling;
    m_isFilling = true;
    const int decimals = unit() == LengthUnit::Inch ? 2 : unit() == LengthUnit::Pixel ? 0 : 1;
    for (QDoubleSpinBox* box : {m_width, m_height}) {
        box->setDecimals(decimals);
        box->setSingleStep(unit() == LengthUnit::Inch ? 0.1 : unit() == LengthUnit::Pixel ? 10 : 1);
        box->setGroupSeparatorShown(true);
        const double least = box == m_width ? fromMm(FigureOptions::kLeastMm, unit(), dpi()) : 0;
        box->setRange(std::ceil(least), fromMm(FigureOptions::kMostMm, unit(), dpi()));
    }
    m_width->setValue(fromMm(m_widthMm, unit(), dpi()));
    m_height->setValue(fromMm(m_heightMm, unit(), dpi()));
    m_isFilling = wasFilling;
}

void SizePage::choosePreset(int index)
{
    if (index < static_cast<int>(figurePresets().size())) {
        FigureOptions options;
        apply(figurePresets()[static_cast<std::size_t>(index)], options);
        setOptions(options);
    }
    emit edited();
}

void SizePage::onEdited()
{
    if (m_isFilling) {
        return;
    }
    // What was not touched keeps its exact size; pixels stay pixels when their size changes.
    const auto take = [this](const QDoubleSpinBox& box, double& mm) {
        const double shown = fromMm(mm, unit(), dpi());
        const double smallest = std::pow(10.0, -box.decimals());
        if (std::abs(shown - box.value()) > smallest * 0.51) {
            mm = toMm(box.value(), unit(), dpi());
        }
    };
    take(*m_width, m_widthMm);
    take(*m_height, m_heightMm);
    FigureOptions options;
    read(options);
    setOptions(options);
    emit edited();
}

void SizePage::read(FigureOptions& options) const
{
    options.widthMm = m_widthMm;
    options.heightMm = m_heightMm;
    options.dpi = dpi();
    options.fontPt = m_font->value();
}

} // namespace poolscope
