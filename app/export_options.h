// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"
#include "core/trace/snapshot.h"
#include "ui/figure/figure_options.h"

#include <QCommandLineParser>

namespace poolscope {

/// The options of `poolscope export`, which say what a picture looks like: a view's, changed by what is
/// given beside it.
class ExportOptions
{
public:
    ExportOptions();

    QCommandLineParser parser;
    QCommandLineOption output;
    QCommandLineOption bars;
    QCommandLineOption caption;
    QCommandLineOption writeView;
    QCommandLineOption help;

    /// \return what was asked for, checked but for what \p snapshot must have. Error: what cannot be, and what can.
    [[nodiscard]] Result<FigureOptions> figure(const Snapshot& snapshot) const;

private:
    [[nodiscard]] Result<void> readSize(FigureOptions& figure) const;
    [[nodiscard]] Result<void> readRange(FigureOptions& figure, const Snapshot& snapshot) const;
    [[nodiscard]] Result<void> readLook(FigureOptions& figure) const;
    [[nodiscard]] Result<double> number(const QCommandLineOption& option) const;
    [[nodiscard]] Error wrong(const QCommandLineOption& option, const QString& why) const;

    QCommandLineOption m_view;
    QCommandLineOption m_size;
    QCommandLineOption m_width;
    QCommandLineOption m_height;
    QCommandLineOption m_dpi;
    QCommandLineOption m_font;
    QCommandLineOption m_from;
    QCommandLineOption m_to;
    QCommandLineOption m_lanes;
    QCommandLineOption m_collapse;
    QCommandLineOption m_order;
    QCommandLineOption m_colorBy;
    QCommandLineOption m_title;
    QCommandLineOption m_panel;
    QCommandLineOption m_parts;
    QCommandLineOption m_theme;
    QCommandLineOption m_text;
    QCommandLineOption m_mostNames;
    QCommandLineOption m_mostElements;
};

} // namespace poolscope
