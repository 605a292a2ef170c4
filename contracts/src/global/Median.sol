// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// The rating that at least half of the weight reaches.
library Median {
    uint256 internal constant HIGHEST = 100;

    /// @param weights by rating, 0 to 100
    /// @param total their sum, not 0
    /// @return rating the highest that half of the weight or more gave or surpassed: a tie goes to the author
    function among(uint256[101] memory weights, uint256 total) internal pure returns (uint256 rating) {
        uint256 above;
        for (rating = HIGHEST;; --rating) {
            above += weights[rating];
            if (above * 2 >= total) return rating;
        }
    }
}
