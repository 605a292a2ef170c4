// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IAttestations} from "./IAttestations.sol";
import {IAutoIds} from "./IAutoIds.sol";

/// The registry with what organisations say about its ids.
interface IScores is IAutoIds, IAttestations {}
