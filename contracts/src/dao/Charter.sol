// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IGovernor} from "@openzeppelin/contracts/governance/IGovernor.sol";
import {ICharter} from "../interfaces/ICharter.sol";
import {IRuledDao} from "../interfaces/IRuledDao.sol";
import {Proposers} from "../lib/Proposers.sol";
import {Titles} from "../lib/Titles.sol";
import {Electorate} from "./Electorate.sol";
import {Rules} from "./Rules.sol";

/// Every DAO's charter. It owns nothing and has no owner; what it knows of a DAO, that DAO wrote.
contract Charter is Electorate {
    /// @inheritdoc ICharter
    mapping(address dao => bytes32) public promptHash;

    constructor(address registry) Electorate(registry) {}

    /// @inheritdoc ICharter
    function begin(Rules calldata rules, bytes32 promptHash_, string calldata features) external {
        if (!rules.isPlain()) _turn(msg.sender, rules);
        if (promptHash_ != 0) _describe(msg.sender, promptHash_, features);
    }

    /// @inheritdoc ICharter
    function setRules(address dao, Rules calldata rules) external {
        if (msg.sender != IRuledDao(dao).timelock()) revert NotTheDao();
        _turn(dao, rules);
    }

    /// @inheritdoc ICharter
    function setAiFeatures(address dao, bytes32 promptHash_, string calldata features) external {
        if (msg.sender != IRuledDao(dao).timelock()) revert NotTheDao();
        _describe(dao, promptHash_, features);
    }

    /// @inheritdoc ICharter
    function titleFor(address proposer, string memory description) external pure returns (bytes32) {
        if (!Proposers.mayPropose(proposer, description)) revert IGovernor.GovernorRestrictedProposer(proposer);
        return Titles.hashOf(description);
    }

    function _describe(address dao, bytes32 promptHash_, string calldata features) private {
        promptHash[dao] = promptHash_;
        emit AiFeaturesSet(dao, promptHash_, features);
    }
}
