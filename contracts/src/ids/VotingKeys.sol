// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IAutoIds} from "../interfaces/IAutoIds.sol";
import {IVotingKeys} from "../interfaces/IVotingKeys.sol";
import {Rotation} from "./Rotation.sol";

/// Keys that may sign ballots for an id: in one contract or everywhere, until a day, and not beyond a rotation.
abstract contract VotingKeys is IVotingKeys, Rotation {
    bytes32 private constant KEY_TYPE =
        keccak256(
            "VotingKey(uint256 id,address key,address scope,uint48 expiry,uint256 nonce,uint256 deadline)"
        );

    mapping(uint256 id => mapping(uint256 rotations => mapping(address key => mapping(address scope => uint48))))
        private _keys;

    /// @inheritdoc IVotingKeys
    function setKey(uint256 id, address key, address scope, uint48 expiry) external {
        if (msg.sender != controllerOf(id)) revert NotAuthorised();
        _setKey(id, key, scope, expiry);
    }

    /// @inheritdoc IVotingKeys
    function setKeyBySig(
        uint256 id,
        address key,
        address scope,
        uint48 expiry,
        uint256 nonce,
        uint256 deadline,
        bytes calldata signature
    ) external {
        bytes32 structHash = keccak256(abi.encode(KEY_TYPE, id, key, scope, expiry, nonce, deadline));
        _authorise(controllerOf(id), structHash, nonce, deadline, signature);
        _setKey(id, key, scope, expiry);
    }

    /// @inheritdoc IAutoIds
    function keyOk(uint256 id, address key, address scope) external view returns (bool) {
        mapping(address => uint48) storage expiry = _keys[id][_rotations[id]][key];
        return (expiry[scope] >= block.timestamp || expiry[address(0)] >= block.timestamp) && isLive(id);
    }

    function _setKey(uint256 id, address key, address scope, uint48 expiry) private {
        if (!isLive(id)) revert NotLive();
        if (expiry != 0 && expiry < block.timestamp) revert AlreadyOver();
        _keys[id][_rotations[id]][key][scope] = expiry;
        emit KeySet(id, key, scope, expiry);
    }
}
