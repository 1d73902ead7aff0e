// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

namespace poolscope {

/// \return I_x(a, b), the regularised incomplete beta function, for \p a, \p b > 0 and \p x in 0…1. Any
/// thread.
[[nodiscard]] double incompleteBeta(double a, double b, double x);

/// \return how likely it is that Student's t with \p freedom degrees of freedom is at least as far from 0
/// as \p t.
[[nodiscard]] double probabilityBeyond(double t, double freedom);

/// \return how far from 0 Student's t stays with probability \p confidence (above 0, below 1), e.g. 2.447
/// for 0.95 and 6 degrees of freedom.
[[nodiscard]] double studentQuantile(double confidence, double freedom);

/// \return how likely it is that Fisher's F with these degrees of freedom is at least \p f.
[[nodiscard]] double probabilityAbove(double f, double freedomAbove, double freedomBelow);

} // namespace poolscope
