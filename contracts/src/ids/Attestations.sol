// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IAttestations} from "../interfaces/IAttestations.sol";
import {Registry} from "./Registry.sol";

/// What organisations say about ids. Any live organisation may speak; who reads decides whom to believe.
abstract contract Attestations is IAttestations, Registry {
    struct Score {
        uint8 score;
        uint48 at;
    }

    bytes32 private constant SCORE_TYPE =
        keccak256("Attestation(uint256 id,bytes32 topic,uint8 score,uint256 nonce,uint256 deadline)");
    bytes32 private constant CLAIM_TYPE =
        keccak256("UniqueClaim(uint256 id,bytes32 claim,uint256 nonce,uint256 deadline)");

    mapping(uint256 id => mapping(uint256 attestor => mapping(bytes32 topic => Score))) private _scores;
    mapping(uint256 attestor => mapping(bytes32 claim => uint256)) private _claims;

    /// @inheritdoc IAttestations
    function attest(uint256 id, bytes32 topic, uint8 score) external {
        _attest(_attestor(msg.sender), id, topic, score);
    }

    /// @inheritdoc IAttestations
    function attestBySig(
        address attestor,
        uint256 id,
        bytes32 topic,
        uint8 score,
        uint256 nonce,
        uint256 deadline,
        bytes calldata signature
    ) external {
        bytes32 structHash = keccak256(abi.encode(SCORE_TYPE, id, topic, score, nonce, deadline));
        _authorise(attestor, structHash, nonce, deadline, signature);
        _attest(_attestor(attestor), id, topic, score);
    }

    /// @inheritdoc IAttestations
    function claim(uint256 id, bytes32 claimHash) external {
        _claim(_attestor(msg.sender), id, claimHash);
    }

    /// @inheritdoc IAttestations
    function claimBySig(
        address attestor,
        uint256 id,
        bytes32 claimHash,
        uint256 nonce,
        uint256 deadline,
        bytes calldata signature
    ) external {
        _authorise(
            attestor,
            keccak256(abi.encode(CLAIM_TYPE, id, claimHash, nonce, deadline)),
            nonce,
            deadline,
            signature
        );
        _claim(_attestor(attestor), id, claimHash);
    }

    /// @inheritdoc IAttestations
    function scoreOf(uint256 id, uint256 attestor, bytes32 topic) external view returns (uint8 score, uint48 at) {
        Score memory s = _scores[id][attestor][topic];
        return (s.score, s.at);
    }

    /// @inheritdoc IAttestations
    function holderOf(uint256 attestor, bytes32 claimHash) public view returns (uint256 id) {
        id = _claims[attestor][claimHash];
        if (!isLive(id)) return 0;
    }

    function _attestor(address account) private view returns (uint256 id) {
        id = idOf(account);
        if (kindOf(id) != ORGANISATION) revert NotAnAttestor();
    }

    function _attest(uint256 attestor, uint256 id, bytes32 topic, uint8 score) private {
        if (score > 100) revert ScoreTooHigh();
        if (!isLive(id)) revert NotLive();
        _scores[id][attestor][topic] = Score(score, uint48(block.timestamp));
        emit Attested(id, attestor, topic, score);
    }

    function _claim(uint256 attestor, uint256 id, bytes32 claimHash) private {
        if (!isLive(id)) revert NotLive();
        uint256 holder = holderOf(attestor, claimHash);
        if (holder != 0 && holder != id) revert ClaimTaken();
        _claims[attestor][claimHash] = id;
        emit Claimed(id, attestor, claimHash);
    }
}
