// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/window/figure_pages.h"

#include <QCheckBox>
#include <QComboBox>
#include <QCoreApplication>
#include <QDoubleSpinBox>
#include <QFormLayout>
#include <QLabel>
#include <QLineEdit>
#include <QSignalBlocker>
#include <QSpinBox>

#include <algorithm>

namespace poolscope {

namespace {

QString figureText(const char* english)
{
    return QCoreApplication::translate("poolscope::Figure", english);
}

} // namespace

QFormLayout* newFigureForm(QWidget* page)
{
    auto* form = new QFormLayout(page);
    form->setContentsMargins(12, 12, 12, 12);
    form->setHorizontalSpacing(12);
    form->setVerticalSpacing(8);
    form->setFieldGrowthPolicy(QFormLayout::AllNonFixedFieldsGrow);
    return form;
}

ContentPage::ContentPage(QWidget* parent)
    : FigurePage(parent)
    , m_title(new QLineEdit(this))
    , m_panel(new QLineEdit(this))
{
    m_title->setPlaceholderText(tr("Made from the run"));
    m_title->setAccessibleName(tr("Title"));
    m_panel->setPlaceholderText(tr("None"));
    m_panel->setAccessibleName(tr("Panel letter"));
    m_panel->setToolTip(tr("A letter before the title, for figures of several parts: a gives (a)"));
    m_panel->setMaxLength(8);
    connect(m_title, &QLineEdit::textEdited, this, &FigurePage::edited);
    connect(m_panel, &QLineEdit::textEdited, this, &FigurePage::edited);
    QFormLayout* form = newFigureForm(this);
    form->addRow(tr("&Title"), m_title);
    form->addRow(tr("&Panel letter"), m_panel);
    auto* heading = new QLabel(tr("Show"), this);
    for (const FigurePart& part : figureParts()) {
        auto* box = new QCheckBox(figureText(part.title), this);
        box->setAccessibleName(box->text());
        connect(box, &QCheckBox::clicked, this, &FigurePage::edited);
        form->addRow(m_parts.empty() ? heading : nullptr, box);
        m_parts.push_back(box);
    }
}

void ContentPage::setOptions(const FigureOptions& options)
{
    m_title->setText(options.title);
    m_panel->setText(options.panel);
    for (std::size_t i = 0; i < m_parts.size(); ++i) {
        m_parts[i]->setChecked(options.parts.*figureParts()[i].isShown);
    }
}

void ContentPage::read(FigureOptions& options) const
{
    options.title = m_title->text().trimmed();
    options.panel = m_panel->text().trimmed();
    for (std::size_t i = 0; i < m_parts.size(); ++i) {
        options.parts.*figureParts()[i].isShown = m_parts[i]->isChecked();
    }
}

LookPage::LookPage(QWidget* parent)
    : FigurePage(parent)
    , m_theme(new QComboBox(this))
    , m_colorBy(new QComboBox(this))
    , m_text(new QComboBox(this))
    , m_names(new QSpinBox(this))
    , m_elements(new QSpinBox(this))
{
    m_theme->addItem(tr("On white, for paper"), static_cast<int>(FigureTheme::Paper));
    m_theme->addItem(tr("Prints without colour"), static_cast<int>(FigureTheme::Greyscale));
    m_theme->addItem(tr("On dark, for slides"), static_cast<int>(FigureTheme::Dark));
    m_theme->addItem(tr("As the light window"), static_cast<int>(FigureTheme::Light));
    m_theme->setAccessibleName(tr("Colours"));
    for (int mode = 0; mode < kColorModeCount; ++mode) {
        m_colorBy->addItem(colorModeTitle(static_cast<ColorMode>(mode)), mode);
    }
    m_colorBy->setAccessibleName(tr("Colour by"));
    m_colorBy->setToolTip(tr("What the colour of a task says; at first as in the timeline"));
    m_text->addItem(tr("Text: can be searched and edited"), static_cast<int>(TextForm::Text));
    m_text->addItem(tr("Outlines: need no font"), static_cast<int>(TextForm::Paths));
    m_text->setAccessibleName(tr("Letters in drawings"));
    m_names->setRange(1, kMaxTaskKinds);
    m_names->setAccessibleName(tr("Task names with a colour"));
    m_names->setToolTip(tr("The other names are grey together"));
    m_elements->setRange(0, 1'000'000);
    m_elements->setSingleStep(5'000);
    m_elements->setGroupSeparatorShown(true);
    m_elements->setAccessibleName(tr("Elements in drawings"));
    m_elements->setToolTip(tr("Lanes of an SVG or PDF with more become pixels of 600 dpi"));
    for (QComboBox* box : {m_theme, m_colorBy, m_text}) {
        connect(box, &QComboBox::activated, this, &FigurePage::edited);
    }
    for (QSpinBox* box : {m_names, m_elements}) {
        connect(box, &QSpinBox::valueChanged, this, &FigurePage::edited);
    }
    QFormLayout* form = newFigureForm(this);
    form->addRow(tr("&Colours"), m_theme);
    form->addRow(tr("Colour &by"), m_colorBy);
    form->addRow(tr("L&etters in drawings"), m_text);
    form->addRow(tr("Task &names with a colour"), m_names);
    form->addRow(tr("Ele&ments in drawings"), m_elements);
}

void LookPage::setOptions(const FigureOptions& options)
{
    const QSignalBlocker names(m_names);
    const QSignalBlocker elements(m_elements);
    m_theme->setCurrentIndex(m_theme->findData(static_cast<int>(options.theme)));
    m_colorBy->setCurrentIndex(m_colorBy->findData(static_cast<int>(options.colorBy)));
    m_text->setCurrentIndex(m_text->findData(static_cast<int>(options.textForm)));
    m_names->setValue(options.mostNames);
    m_elements->setValue(options.mostElements);
}

void LookPage::read(FigureOptions& options) const
{
    options.theme = static_cast<FigureTheme>(m_theme->currentData().toInt());
    options.colorBy = static_cast<ColorMode>(m_colorBy->currentData().toInt());
    options.textForm = static_cast<TextForm>(m_text->currentData().toInt());
    options.mostNames = m_names->value();
    options.mostElements = m_elements->value();
}

} // namespace poolscope
