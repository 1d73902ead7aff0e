// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/figure/figure_options.h"
#include "ui/figure/figure_size.h"

#include <QWidget>

#include <vector>

QT_FORWARD_DECLARE_CLASS(QCheckBox)
QT_FORWARD_DECLARE_CLASS(QComboBox)
QT_FORWARD_DECLARE_CLASS(QDoubleSpinBox)
QT_FORWARD_DECLARE_CLASS(QFormLayout)
QT_FORWARD_DECLARE_CLASS(QLineEdit)
QT_FORWARD_DECLARE_CLASS(QSpinBox)

namespace poolscope {

/// A page of the export dialog: some of the options, each in a field. GUI thread.
class FigurePage : public QWidget
{
    Q_OBJECT

public:
    using QWidget::QWidget;

    /// Shows them. Emits nothing.
    virtual void setOptions(const FigureOptions& options) = 0;
    /// Puts what the fields say into \p options.
    virtual void read(FigureOptions& options) const = 0;

signals:
    /// The user changed something.
    void edited();
};

/// Width, height, resolution, font; by purpose or free.
class SizePage : public FigurePage
{
    Q_OBJECT

public:
    explicit SizePage(QWidget* parent = nullptr);
    void setOptions(const FigureOptions& options) override;
    void read(FigureOptions& options) const override;

private:
    void createLayout();
    void choosePreset(int index);
    void chooseUnit();
    void onEdited();
    [[nodiscard]] LengthUnit unit() const;
    [[nodiscard]] int dpi() const;

    QComboBox* m_preset;
    QDoubleSpinBox* m_width;
    QDoubleSpinBox* m_height;
    QComboBox* m_unit;
    QComboBox* m_dpi;
    QDoubleSpinBox* m_font;
    // Exact, where the fields round.
    double m_widthMm = 190;
    double m_heightMm = 0;
    bool m_isFilling = false;
};

/// Title, panel letter, and what is shown beside the lanes.
class ContentPage : public FigurePage
{
    Q_OBJECT

public:
    explicit ContentPage(QWidget* parent = nullptr);
    void setOptions(const FigureOptions& options) override;
    void read(FigureOptions& options) const override;

private:
    QLineEdit* m_title;
    QLineEdit* m_panel;
    std::vector<QCheckBox*> m_parts; ///< one a row of figureParts()
};

/// Colours, letters, limits.
class LookPage : public FigurePage
{
    Q_OBJECT

public:
    explicit LookPage(QWidget* parent = nullptr);
    void setOptions(const FigureOptions& options) override;
    void read(FigureOptions& options) const override;

private:
    QComboBox* m_theme;
    QComboBox* m_colorBy;
    QComboBox* m_text;
    QSpinBox* m_names;
    QSpinBox* m_elements;
};

/// \return a layout of labels beside fields, as all pages have it.
[[nodiscard]] QFormLayout* newFigureForm(QWidget* page);

} // namespace poolscope
